#!/usr/bin/env bash
# From a fresh clone to a first merge, by one command: examples/quickstart.sh
#
# Installs the Debian packages that are missing (it says which), builds linkferry, and merges a Firefox export, a Pocket zip
# and a Raindrop CSV of examples/data into one library: first as a plan, then for real, then again. Writes below build/ only.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

bash .ci/install_packages build

say "Building (some minutes the first time)"
mkdir -p build
cmake --preset release -B build/quickstart -DLINKFERRY_BUILD_TESTS=OFF -DLINKFERRY_BUILD_BENCH=OFF >build/quickstart.log 2>&1 || {
  cat build/quickstart.log >&2
  exit 1
}
cmake --build build/quickstart

linkferry=build/quickstart/bin/linkferry
export XDG_STATE_HOME=$PWD/build/quickstart/state # what the sample job remembers stays with it
job=(-c examples/jobs/consolidate.yaml)
rm -f build/library.html

say "The plan: what would be written to build/library.html (nothing is written yet)"
"$linkferry" run consolidate --dry-run "${job[@]}"

say "The run"
"$linkferry" run consolidate "${job[@]}"

say "The same once more: nothing is left to do"
"$linkferry" run consolidate "${job[@]}"

say "Done"
echo "The library: build/library.html (any browser imports it). The job: examples/jobs/consolidate.yaml."
echo "The program: $linkferry; try '$linkferry --help'."
