#!/usr/bin/env bash
# Stops jobs at every point and looks at what the next run makes of it.
#
#   tests/faults/run.sh full    every point of every scenario, two processes (about 18 min on 2 idle cores)
#   tests/faults/run.sh N       every N-th point
#
# Wants a release build: cmake --preset release && cmake --build --preset release --target faults_tests
# More: LINKFERRY_FAULTS_ONLY (a part of the scenarios' names; known bugs run only so), LINKFERRY_FAULTS_MISHAP,
# LINKFERRY_FAULTS_SEED, LINKFERRY_FAULTS_TRACE=1 (crash_matrix_test.cpp). The state machine: LINKFERRY_MODEL_SEED,
# LINKFERRY_MODEL_STEPS (model_test.cpp).
set -euo pipefail
cd "$(dirname "$0")/../.."

export LINKFERRY_FAULTS="${1:-full}"
program="${LINKFERRY_FAULTS_PROGRAM:-build/release/bin/faults_tests}"
begun=$SECONDS
logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT
processes=()
for part in 1 2; do
  LINKFERRY_FAULTS_PART="$part/2" "$program" '[matrix]' >"$logs/$part" 2>&1 &
  processes+=($!)
done
failed=0
for process in "${processes[@]}"; do wait "$process" || failed=1; done
cat "$logs"/*
awk '/^seed .* scenarios/ { scenarios += $3; points += $5; of += $8 }
  END { printf "%d scenarios, %d interruptions of %d points", scenarios, points, of }' "$logs"/*
echo ", $((SECONDS - begun)) s"
exit "$failed"
