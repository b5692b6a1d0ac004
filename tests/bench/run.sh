#!/usr/bin/env bash
# Measures linkferry by one command and prints a table: figure beside goal. Never fails on a figure.
#
#   tests/bench/run.sh [-n RECORDS] [-p PAIRS] [--micro]     1,000,000 records and 5 pairs where nothing is said
#
# Every ratio comes from pairs A B A B ... of one run on one machine; the median counts. CPU is user + system time.
# Files live in memory (/dev/shm) where there is room, else in $TMPDIR.
set -euo pipefail
cd "$(dirname "$0")/../.."

records=1000000 pairs=5 with_micro=no
while [ $# -gt 0 ]; do
  case "$1" in
    -n) records=$2; shift 2 ;;
    -p) pairs=$2; shift 2 ;;
    --micro) with_micro=yes; shift ;;
    *) echo "usage: $0 [-n RECORDS] [-p PAIRS] [--micro]" >&2; exit 64 ;;
  esac
done

build=${LINKFERRY_BENCH_BUILD:-build/release}
if [ -z "${LINKFERRY_BENCH_BUILD:-}" ]; then
  cmake --preset release -DLINKFERRY_BUILD_BENCH=ON >/dev/null
  cmake --build --preset release
fi
build=$(realpath "$build")
linkferry=$build/bin/linkferry
generate=$build/bin/generate
measure=$build/bin/measure

needed_kib=$((records * 3 / 2 + 100000)) # 1.2 KB a record, all files together
folder=${TMPDIR:-/tmp}
if [ -w /dev/shm ] && [ "$(df -k --output=avail /dev/shm | tail -1)" -gt "$needed_kib" ]; then folder=/dev/shm; fi
work=$(mktemp -d "$folder/linkferry-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work XDG_CONFIG_HOME=$work

echo "making $records bookmarks in $work"
small=$((records / 10))
for count in $records $small 10000; do "$generate" "$count" 42 "$work" >"$work/unique.$count"; done
html=$work/b$records.html csv=$work/b$records.raindrop.csv jsonl=$work/b$records.jsonl

# cost COMMAND...: "cpu_ms wall_ms peak_kib exit". An exit code other than 0 is shown at the end.
cost() {
  local line
  line=$("$measure" "$@")
  [ "${line##* }" = 0 ] || echo "exit ${line##* }: $*" >>"$work/failures"
  echo "$line"
}
median() { sort -g | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f\n", (b > 0) ? a / b : 0}'; }
row() { printf '%-58s %14s   %-34s %s\n' "$1" "$2" "$3" "${4:-}"; }

# paired A B: runs both functions in turn; leaves cpu_ratio, wall_ratio (medians), a_cpu, a_wall, a_peak, b_cpu.
paired() {
  : >"$work/pairs"
  for _ in $(seq "$pairs"); do echo "$("$1") $("$2")" >>"$work/pairs"; done
  cpu_ratio=$(awk '{print $1 / ($5 > 0 ? $5 : 1)}' "$work/pairs" | median)
  wall_ratio=$(awk '{print $2 / ($6 > 0 ? $6 : 1)}' "$work/pairs" | median)
  cpu_range=$(awk '{print $1 / ($5 > 0 ? $5 : 1)}' "$work/pairs" | sort -g | awk 'NR == 1 {a = $1} END {printf "%.2f-%.2f", a, $1}')
  a_cpu=$(awk '{print $1}' "$work/pairs" | median) a_wall=$(awk '{print $2}' "$work/pairs" | median)
  a_peak=$(awk '{print $3}' "$work/pairs" | median) b_cpu=$(awk '{print $5}' "$work/pairs" | median)
}

fresh() { rm -f "$1"; shift; cost "$@"; }
run_cp() { fresh "$work/cp.html" cp "$html" "$work/cp.html"; }
run_dd() { fresh "$work/cp.html" dd if="$html" of="$work/cp.html" bs=256k status=none; }
run_copy() { fresh "$work/out.html" "$linkferry" copy -q "$html" "$work/out.html"; }
run_to_jsonl() { fresh "$work/out.jsonl" "$linkferry" copy -q "$html" "$work/out.jsonl"; }
run_from_jsonl() { fresh "$work/out2.html" "$linkferry" copy -q "$jsonl" "$work/out2.html"; }
run_from_csv() { fresh "$work/out3.html" "$linkferry" copy -q "raindrop:$csv" "$work/out3.html"; }
run_plan() { cost "$linkferry" -c "$work/linkferry.yaml" plan -q again; }
run_small() { fresh "$work/small.html" "$linkferry" copy -q "$work/b$small.html" "$work/small.html"; }
run_true() { "$measure" -r 20 true; }

cat >"$work/linkferry.yaml" <<YAML
version: 1
endpoints:
  library: {plugin: netscape, path: $html}
  same: {plugin: netscape, path: $work/same.html}
jobs:
  again: {from: library, to: same}
YAML

bytes() { stat -c %s "$1"; }
per_byte() { awk -v a="$1" -v n="$(bytes "$2")" -v b="$3" -v m="$(bytes "$html")" 'BEGIN {printf "%.2f\n", (a / n) / (b / m)}'; }

echo "$(uname -m), $(nproc) CPUs, load $(cut -d' ' -f1 /proc/loadavg), $pairs pairs, $(cat "$work/unique.$records") different addresses"
echo
row "what" "figure" "goal" "detail"
row "$(printf -- '-%.0s' {1..58})" "" ""

run_cp >/dev/null; run_copy >/dev/null
paired run_copy run_cp
copy_cpu=$a_cpu copy_wall=$a_wall
row "copy html to html / cp, CPU" "$(printf '%.2f' "$cpu_ratio")" "<= 6, aim 3.5" "$cpu_range; ${a_cpu} ms, $(awk -v n="$records" -v t="$a_cpu" 'BEGIN {printf "%.2f M records/s", n / t / 1000}')"
row "copy html to html / cp, wall" "$(printf '%.2f' "$wall_ratio")" "-" "$a_wall ms; cp: ${b_cpu} ms CPU"
row "copy html to html, wall / CPU of it" "$(ratio "$a_wall" "$a_cpu")" "aim < 1"
row "copy html to html, peak memory" "$(awk -v k="$a_peak" 'BEGIN {printf "%.1f MiB", k / 1024}')" "<= 80 MiB, aim 48" "$(awk -v k="$a_peak" -v n="$records" 'BEGIN {printf "%.1f bytes a record", k * 1024 / n}')"

# cp (and cat) of coreutils 9 let the kernel copy (copy_file_range); dd reads and writes, as any program has to that looks at
# the bytes.
paired run_copy run_dd
row "copy html to html / dd (read and write), CPU" "$(printf '%.2f' "$cpu_ratio")" "-" "$cpu_range; dd: ${b_cpu} ms CPU"
rm -f "$work/cp.html"

paired run_to_jsonl run_copy
row "html to jsonl / html to html, CPU a byte read" "$(per_byte "$a_cpu" "$html" "$b_cpu")" "<= 2" "$a_cpu ms, $((${a_peak%.*} / 1024)) MiB"
paired run_from_jsonl run_copy
row "jsonl to html / html to html, CPU a byte read" "$(per_byte "$a_cpu" "$jsonl" "$b_cpu")" "<= 2" "$a_cpu ms, $((${a_peak%.*} / 1024)) MiB"
paired run_from_csv run_copy
row "Raindrop CSV to html / html to html, CPU a byte read" "$(per_byte "$a_cpu" "$csv" "$b_cpu")" "<= 2" "$a_cpu ms, $((${a_peak%.*} / 1024)) MiB"

run_copy >/dev/null; mv "$work/out.html" "$work/same.html"
paired run_plan run_copy
row "plan against an equal library / copy, CPU" "$(printf '%.2f' "$cpu_ratio")" "<= 3" "$a_cpu ms, $((${a_peak%.*} / 1024)) MiB"

paired run_copy run_small
growth=$(awk -v a="$a_cpu" -v b="$b_cpu" -v n="$records" -v m="$small" 'BEGIN {printf "%.3f\n", (a / n) / (b / m)}')
row "CPU a record, $records / $small records" "$growth" "0.9 to 1.1"

version=$("$measure" -r 50 "$linkferry" --version)
nothing=$(run_true)
row "linkferry --version, wall" "$(awk '{printf "%.1f ms", $2}' <<<"$version")" "<= 25 ms" "true: $(awk '{printf "%.1f ms", $2}' <<<"$nothing")"
tiny=$(for _ in $(seq 10); do fresh "$work/tiny.html" "$linkferry" copy -q "$work/b10000.html" "$work/tiny.html" | awk '{print $2}'; done | median)
row "copy of 10,000, wall" "$tiny ms" "<= 50 ms"

if command -v valgrind >/dev/null; then
  "$generate" 100000 42 "$work" >/dev/null
  instructions() {
    rm -f "$work/cg.html"
    valgrind --tool=callgrind --callgrind-out-file="$work/callgrind.$1" "$linkferry" copy -q "$work/b$1.html" "$work/cg.html" >/dev/null 2>&1 || true
    callgrind_annotate --inclusive=yes --threshold=100 "$work/callgrind.$1" >"$work/functions.$1" 2>/dev/null || true
  }
  # slope TEXT: instructions a record of the first function that is called so, with all that it calls.
  slope() {
    for count in 10000 100000; do
      awk -v name="$1" 'index($0, name) {gsub(",", "", $1); print $1; found = 1; exit} END {if (!found) print 0}' "$work/functions.$count"
    done | paste -s | awk '{printf "%.0f", ($2 - $1) / 90000}'
  }
  instructions 10000; instructions 100000
  row "instructions a record (callgrind, 10k to 100k)" "$(slope 'PROGRAM TOTALS')" "<= 5000, aim 3000" "exact: it repeats"
  row "  reading, twice" "$(slope 'GuardedSource::read(')" "-"
  row "  keys, and finding what is the same" "$(($(slope 'SourceScan::make_keys(') + $(slope 'SourceScan::index(')))" "-"
  row "  planning" "$(slope 'Planner::plan_bookmark(')" "-" "$(slope 'NetscapeSink::represent(') of it in represent"
  row "  writing" "$(slope 'NetscapeSink::write(')" "-"
  row "  making it visible" "$(slope 'NetscapeSink::commit(')" "-" "a large file is copied once more where something came late"
else
  row "instructions a record" "-" "<= 5000" "valgrind is not installed"
fi

if [ "$with_micro" = yes ] && [ -x "$build/bin/micro_bench" ]; then echo; "$build/bin/micro_bench" 2>/dev/null; fi
if [ -x "$build/bin/services_tests" ]; then
  echo
  echo "Services (fakes on loopback; goals: time <= 1.15 x, memory <= 120 MiB):"
  "$build/bin/services_tests" "[bench]" | grep ' requests ' || true
fi
if [ -s "$work/failures" ]; then
  echo
  echo "These commands failed, so their figures mean nothing:"
  sort "$work/failures" | uniq -c
fi
exit 0
