#!/usr/bin/env bash
# Breaks the engine on purpose, one way at a time, in a copy of the tree, and asks the suites whether they notice.
#
#   tests/faults/mutants.sh              every mutant: a patch of tests/faults/mutants
#   tests/faults/mutants.sh NAME...      some
#
# The copy stays in build/mutants (MUTANTS_FOLDER names another place), so that the next time only what changed is built.
# The first time takes some minutes, then 20 to 100 s a mutant. MUTANTS_HERE=build/release works in this very tree, with that
# build, which is faster; what is broken is mended again, but not when the script is killed. Prints the score; exit 1 where a
# mutant lives.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -n "${MUTANTS_HERE:-}" ]; then
  build_folder="$MUTANTS_HERE"
else
  here="$PWD"
  copy="${MUTANTS_FOLDER:-$here/build/mutants}"
  build_folder="$copy/build"
  mkdir -p "$copy"
  # Times stay, so that nothing is built that did not change.
  rsync -a --delete --exclude /build --exclude /.git ./ "$copy/"
  cd "$copy"
  export CCACHE_BASEDIR="$copy"
  cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O1 >/dev/null
fi
logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT
build() { cmake --build "$build_folder" --target faults_tests >"$logs/build" 2>&1 || { tail -30 "$logs/build"; return 1; }; }
# All but the matrix first, which is quick; the first finding ends it.
notice() {
  ! LINKFERRY_MODEL_STEPS="${MUTANTS_MODEL_STEPS:-4000}" timeout 600 "$build_folder/bin/faults_tests" --abort '[faults]~[matrix]' >"$logs/run" 2>&1 ||
    ! timeout 1200 "$build_folder/bin/faults_tests" --abort '[matrix]' >"$logs/run" 2>&1
}

build
if [ "${MUTANTS_SKIP_SOUND:-}" = "" ] && notice; then
  cat "$logs/run"
  echo "the suites are red without a mutant"
  exit 1
fi
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for patch in tests/faults/mutants/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
killed=0
for name in "${names[@]}"; do
  patch -s -p1 <"tests/faults/mutants/$name.patch"
  begun=$SECONDS
  if ! build; then
    verdict="does not build"
  elif notice; then
    verdict="noticed: $(grep -a -m1 -E ', (killed|torn|power_cut|scattered|terminate|disk_full|lost_reply|cut_short) at|LINKFERRY_MODEL_SEED|the clean run' "$logs/run" | tr -s ' ' || echo '?')"
    killed=$((killed + 1))
  else
    verdict="LIVES"
  fi
  patch -s -R -p1 <"tests/faults/mutants/$name.patch"
  printf '%-48s %3d s  %s\n' "$name" $((SECONDS - begun)) "$verdict"
done
echo "$killed of ${#names[@]} mutants noticed"
[ "$killed" -eq ${#names[@]} ]
