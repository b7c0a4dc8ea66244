#!/usr/bin/env bash
# Puts Debian's Prometheus and promtool into .venv/prometheus: unpacked, not installed, so that no service is started
# and nobody has to be root. Does nothing when they are there, or on the path.
set -euo pipefail

place=.venv/prometheus
if [[ -x $place/usr/bin/promtool ]] || { command -v promtool && command -v prometheus; } >/dev/null; then
    exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo "The tests need prometheus and promtool on the path, and there is no apt-get to fetch them with." >&2
    exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fetch() { (cd "$folder" && apt-get -qq download prometheus) >"$folder/log" 2>&1; }
echo "Fetching prometheus for the tests"
if ! fetch && ! { [[ $EUID -eq 0 ]] && apt-get -qq update >>"$folder/log" 2>&1 && fetch; }; then
    tail -n 20 "$folder/log" >&2
    echo "apt-get could not fetch prometheus: its last words are above. As root, apt-get update may help." >&2
    exit 1
fi
dpkg-deb --extract "$folder"/prometheus_*.deb "$folder/unpacked"
rm -rf "$place" "$place.new"
# Beside it first: from another file system it comes piece by piece, and half of it would be taken for all.
mv "$folder/unpacked" "$place.new"
mv "$place.new" "$place"
