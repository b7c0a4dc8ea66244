#!/usr/bin/env bash
# Installs a Mastodon server for tests that nobody here wrote, in an environment of its own: it brings another event loop.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
python=$1
folder=$2
mark="$folder/installed"
sum=$(sha256sum <"$here/requirements.lock")
[[ "$(cat "$mark" 2>/dev/null)" == "$sum" ]] && exit 0

echo "Installing mastodon-mock for the tests"
rm -rf "$folder"
"$python" -m venv "$folder"
"$folder/bin/python" -m pip --disable-pip-version-check --quiet install --require-hashes --requirement "$here/requirements.lock"
echo "$sum" >"$mark"
