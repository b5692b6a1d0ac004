#!/usr/bin/env bash
# examples/jobs/consolidate.yaml, as quickstart.sh runs it: example_job_test.sh PROGRAM EXAMPLES
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$2" "$work/examples"
mkdir "$work/build"
cd "$work"
library=build/library.html
unset LINKFERRY_CONFIG LINKFERRY_PLUGIN_PATH
export NO_COLOR=1 XDG_STATE_HOME=$work/state

fail() { echo "FAILED: $*"; cat output; exit 1; }
run() { "$program" run consolidate -c examples/jobs/consolidate.yaml "$@" </dev/null >output 2>&1 || fail "exit code $?"; }
says() { grep -qF -- "$1" output || fail "the report does not say: $1"; }
holds() { grep -qF -- "$1" $library || { cat $library; fail "the library does not hold: $1"; }; }

run --dry-run
says '46 read = 31 created + 0 updated + 0 unchanged + 15 merged + 0 filtered + 0 skipped + 0 failed'
says 'notes'
[ ! -e $library ] || fail "a dry run wrote something"

run
says '31 created'
[ "$(grep -c '<DT><A HREF="https://en.cppreference.com/w/cpp/ranges"' $library)" = 1 ] || fail "a disguised duplicate was not merged"
holds 'TAGS="javascript,reference,tutorial"'  # js renamed, tags of two sources
holds 'TAGS="dev,git,book"'                   # dev/git split
holds 'TAGS="linux,reference,debian"'         # lower case
grep -q '<H3[^>]*>Toolbar</H3>' $library || fail "a folder was not renamed"
if grep -q 'Mozilla Firefox\|toread' $library; then fail "what the job drops is still there"; fi

before=$(stat -c '%Y %i' $library) sum=$(sha256sum <$library)
run --detailed-exitcode
says '46 read = 0 created + 0 updated + 31 unchanged + 15 merged + 0 filtered + 0 skipped + 0 failed'
says 'Nothing to do.'
[ "$before" = "$(stat -c '%Y %i' $library)" ] && [ "$sum" = "$(sha256sum <$library)" ] || fail "a second run touched the library"
echo "the example job works"
