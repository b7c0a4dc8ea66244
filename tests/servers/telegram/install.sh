#!/usr/bin/env bash
# Installs a Bot API emulator into a folder, once; versions and hashes stand beside this.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
node=$1 # the folder of the Node.js that the Slack emulator runs with
folder=$2
mark="$folder/installed"
sum=$(sha256sum <"$here/package-lock.json")
[[ "$(cat "$mark" 2>/dev/null)" == "$sum" ]] && exit 0

echo "Installing a Telegram emulator for the tests"
rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder/"
export PATH="$node/bin:$PATH"
node "$node/lib/node_modules/npm/bin/npm-cli.js" ci --prefix "$folder" \
    --ignore-scripts --no-audit --no-fund --loglevel=error
echo "$sum" >"$mark"
