#!/usr/bin/env bash
# Installs a server from npm for the tests, once: versions and hashes stand in the lock in its folder here. Nothing is compiled.
set -euo pipefail

here=$1 # with package.json and package-lock.json
node=$2 # the folder of the Node.js that the Slack emulator runs with
folder=$3
mark="$folder/installed"
sum=$(sha256sum <"$here/package-lock.json")
[[ "$(cat "$mark" 2>/dev/null)" == "$sum" ]] && exit 0

echo "Installing ${folder##*/} for the tests"
rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder/"
export PATH="$node/bin:$PATH"
node "$node/lib/node_modules/npm/bin/npm-cli.js" ci --prefix "$folder" \
    --ignore-scripts --no-audit --no-fund --loglevel=error
echo "$sum" >"$mark"
