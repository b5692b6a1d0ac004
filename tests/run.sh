#!/usr/bin/env bash
# Everything that must hold, by one command. Writes below build/ only.
#
#   tests/run.sh          formatting, clang-tidy, all suites in release, ASan + UBSan and TSan builds, fuzzing
#   tests/run.sh quick    the suites in a release build
#   tests/run.sh STEP...  any of: format release asan-ubsan tsan fuzz tidy
#
# With CI=true every parser is fuzzed for 60 s, else for 10 s (FUZZ_SECONDS overrides both), clang-tidy looks at what decides
# and remembers alone (at everything in `tests/run.sh tidy`), and ThreadSanitizer leaves out what has one thread (not without CI=true).
# The last lines are those of ctest for the release build.
set -euo pipefail
cd "$(dirname "$0")/.."

steps=("$@")
if [ ${#steps[@]} -eq 0 ]; then steps=(format tidy asan-ubsan tsan fuzz release); fi
if [ "${steps[*]}" = quick ]; then steps=(release); fi

# Lets ccache keep what was built with precompiled headers.
export CCACHE_SLOPPINESS=pch_defines,time_macros

begun=$SECONDS
say() { printf '\n== %s (%d min %02d s)\n' "$*" $(((SECONDS - begun) / 60)) $(((SECONDS - begun) % 60)); }
wants() { case " ${steps[*]} " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
# Every C++ file of ours; the fixtures of the tests are data.
own_files() { find engine plugins tests examples -path tests/data -prune -o -name "$1" -print | sort; }

configure_and_build() {
  cmake --preset "$1" >"build/$1.log" 2>&1 || { cat "build/$1.log" >&2; return 1; }
  cmake --build --preset "$1"
}

# Two tests a core: many of them wait. Under ThreadSanitizer CI leaves out what takes long in one thread.
run_suites() {
  local left_out=()
  if [ "$1" = tsan ] && [ "${CI:-}" = true ]; then left_out=(-E 'keeps the contract|in proportion|at any moment|walk through all'); fi
  ctest --preset "$1" -j "$(($(nproc) * 2))" --timeout 900 --no-tests=error "${left_out[@]}"
}

check_format() {
  (own_files '*.cpp'; own_files '*.hpp') | xargs clang-format-14 --dry-run --Werror
}

check_tidy() {
  cmake --preset debug >build/debug.log 2>&1 || { cat build/debug.log >&2; return 1; }
  # Only what belongs to the build; headers are checked with what includes them. Configuring made all that is generated.
  # It takes a second and a half for each; CI leaves the others to who runs `tests/run.sh tidy`.
  local kept='.'
  if [ "${CI:-}" = true ] && [ ${#steps[@]} -gt 1 ]; then kept='^engine/src/\(pipeline\|state\|sync\)/'; fi
  own_files '*.cpp' | grep "$kept" | while read -r file; do
    if grep -q "\"file\": \"$PWD/$file\"" build/debug/compile_commands.json; then echo "$file"; fi
  done >build/tidy.files
  xargs -P "$(nproc)" -n 4 clang-tidy-14 -p build/debug --quiet --extra-arg=-Wno-unknown-warning-option <build/tidy.files 2>build/tidy.log || {
    grep -v 'warnings generated' build/tidy.log >&2
    return 1
  }
  echo "$(wc -l <build/tidy.files) files"
}

bash .ci/install_packages build test
mkdir -p build

if wants format; then say "Formatting"; check_format; fi
if wants tidy; then say "clang-tidy"; check_tidy; fi
for preset in asan-ubsan tsan; do
  if wants "$preset"; then
    say "Building $preset"
    configure_and_build "$preset"
    say "All suites, $preset"
    run_suites "$preset"
  fi
done
if wants fuzz; then
  say "Fuzzing"
  default_seconds=10
  if [ "${CI:-}" = true ]; then default_seconds=60; fi
  bash tests/fuzz/run.sh "${FUZZ_SECONDS:-$default_seconds}"
fi
if wants release; then
  say "Building release"
  configure_and_build release
  say "All suites, release"
  run_suites release
fi
