#!/usr/bin/env bash
# systemd_units_test.sh PROGRAM FOLDER: systemd finds nothing to complain about in the units of FOLDER.
set -euo pipefail
program=$1
units=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for unit in "$units"/*; do
  sed "s|/usr/local/bin/linkferry|$program|" "$unit" >"$folder/$(basename "$unit")"
done
said=$(systemd-analyze verify "$folder/linkferry.service" "$folder/linkferry@job.service" "$folder/linkferry@job.timer" 2>&1) || {
  echo "$said"
  exit 1
}
if grep -F "$folder" <<<"$said"; then exit 1; fi
