#!/usr/bin/env bash
# Breaks the engine and its plugins on purpose, one way at a time, in a copy of the tree, and asks the suites whether they notice.
#
#   tests/faults/mutants.sh              every mutant: a patch of tests/faults/mutants
#   tests/faults/mutants.sh NAME...      some
#
# Prints the score. Exit 1 where a mutant lives, its patch does not fit, or it cannot be built.
#
# The copy stays in build/mutants (MUTANTS_FOLDER names another place), so that the next time only what changed is built. There it is
# built as `cmake --preset release` does; with ccache most of it is there already. Each patch says in its first line what notices it:
# a part of a scenario's name and a mishap of the crash matrix, or `model`, `ownership`, `state`. That is run first, and all the rest
# only where it is silent. The first finding ends a mutant.
#
# It takes 7 minutes on two cores that are busy otherwise (4 of them for 40 mutants, 1 to 15 s each), the first time without ccache as
# long as a release build more; what nothing notices takes 5 minutes until that is known. MUTANTS_SKIP_SOUND=1 takes it for granted
# that the suites are green without a mutant.
set -euo pipefail
cd "$(dirname "$0")/../.."

copy="${MUTANTS_FOLDER:-$PWD/build/mutants}"
mkdir -p "$copy"
# By content, without times: what a killed script has left broken is built anew.
rsync -rlp --checksum --delete --exclude /build --exclude /.git ./ "$copy/"
cd "$copy"
cmake --preset release >/dev/null
program=build/release/bin/faults_tests
logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT

build() {
  ninja -C build/release faults_tests >"$logs/build" 2>&1 || { tail -30 "$logs/build"; return 1; }
}

# Whether these tests are red. What hangs is, too.
is_red() { ! timeout 600 "$program" --abort "$1" >"$logs/run" 2>&1; }

# What the first line of the patch says, or every part of the suites.
is_noticed() {
  export LINKFERRY_FAULTS=7 LINKFERRY_MODEL_STEPS=4000
  case "$1" in
    "") ;;
    model) is_red '[model]' && return ;;
    ownership) is_red '[ownership]' && return ;;
    state) is_red '[faults][state]' && return ;;
    *,*) LINKFERRY_FAULTS=1 LINKFERRY_FAULTS_ONLY="${1%,*}" LINKFERRY_FAULTS_MISHAP="${1##*, }" is_red '[matrix]' && return ;;
    *) LINKFERRY_FAULTS=1 LINKFERRY_FAULTS_ONLY="$1" is_red '[matrix]' && return ;;
  esac
  is_red '[faults]~[matrix]' || is_red '[matrix]'
}

# Where it was noticed first.
finding() {
  local mishaps='killed|torn|power_cut|scattered|terminate|disk_full|lost_reply|cut_short|turned_away|failed_after'
  grep -a -m1 -oE "[^ ].*, ($mishaps) at [0-9]+" "$logs/run" ||
    grep -a -m1 -oE "LINKFERRY_MODEL_SEED=[0-9]+, step [0-9]+|the clean run|[a-z_]+\.cpp:[0-9]+: FAILED" "$logs/run" ||
    echo "it hangs, or dies"
}

build
if [ "${MUTANTS_SKIP_SOUND:-}" = "" ] && LINKFERRY_FAULTS=40 LINKFERRY_MODEL_STEPS=4000 is_red '[faults]'; then
  cat "$logs/run"
  echo "the suites are red without a mutant"
  exit 1
fi
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for patch in tests/faults/mutants/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
begun_all=$SECONDS
caught=0
survivors=()
for name in "${names[@]}"; do
  file="tests/faults/mutants/$name.patch"
  begun=$SECONDS
  if ! patch -s -p1 -f --fuzz=0 --no-backup-if-mismatch --dry-run <"$file" >/dev/null; then
    verdict="DOES NOT FIT"
  else
    patch -s -p1 -f --fuzz=0 --no-backup-if-mismatch <"$file"
    if ! build; then
      verdict="DOES NOT BUILD"
    elif is_noticed "$(sed -n '1s/^Noticed by: //p' "$file")"; then
      verdict="caught: $(finding)"
      caught=$((caught + 1))
    else
      verdict="LIVES"
    fi
    patch -s -R -p1 -f --fuzz=0 --no-backup-if-mismatch <"$file"
  fi
  [[ "$verdict" == caught* ]] || survivors+=("$name ($verdict)")
  printf '%-46s %3d s  %s\n' "$name" $((SECONDS - begun)) "$verdict"
done
echo "$caught of ${#names[@]} caught, $((SECONDS - begun_all)) s"
[ ${#survivors[@]} -eq 0 ] || { printf 'not caught: %s\n' "${survivors[@]}"; exit 1; }
