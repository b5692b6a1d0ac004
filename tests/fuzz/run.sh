#!/usr/bin/env bash
# Fuzzes every parser for some seconds under ASan and UBSan: tests/fuzz/run.sh [SECONDS, 60 where nothing is said] [TARGET...]
# Fails on the first crash, hang (10 s for one input) or 2 GiB of memory; the input is then in build/fuzz/artifacts.
# Three run on a core at a time, so that a second here is a third of one.
# The inputs are made from a fixed seed, so that the same code gives the same verdict; LINKFERRY_FUZZ_SEED=0 looks elsewhere each time.
# New inputs are kept in build/fuzz/corpus, never in the source tree.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-60}
shift || true
seed=${LINKFERRY_FUZZ_SEED:-1}
if ! command -v clang++-14 >/dev/null; then
  echo "fuzz: clang++-14 is not installed (apt install clang-14); the corpora are replayed by ctest all the same" >&2
  exit 77
fi
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzz_targets
mkdir -p build/fuzz/artifacts build/fuzz/logs

fuzz() {
  local name=$1
  mkdir -p "build/fuzz/corpus/$name"
  if "build/fuzz/bin/${name}_fuzz" -seed="$seed" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
      -artifact_prefix="build/fuzz/artifacts/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"build/fuzz/logs/$name.log" 2>&1; then
    echo "$name: $(grep -o 'number_of_executed_units: [0-9]*' "build/fuzz/logs/$name.log" | grep -o '[0-9]*$') inputs in $seconds s, nothing found"
  else
    tail -40 "build/fuzz/logs/$name.log" >&2
    echo "$name: FAILED, see build/fuzz/logs/$name.log and build/fuzz/artifacts" >&2
    return 1
  fi
}
export -f fuzz
export seconds seed

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for program in build/fuzz/bin/*_fuzz; do names+=("$(basename "$program" _fuzz)"); done
fi
printf '%s\n' "${names[@]}" | xargs -P "$(($(nproc) * 3))" -I{} bash -c 'fuzz {}'
