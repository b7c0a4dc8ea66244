#!/usr/bin/env bash
# Installs what `make test-servers` needs beyond PyPI: Debian's Chromium. Does nothing when it is there.
set -euo pipefail

if [[ -x /usr/bin/chromium ]]; then
    exit 0
fi

complain() {
    echo "The browser tests need /usr/bin/chromium, which is missing; $1" >&2
    exit 1
}

command -v apt-get >/dev/null || complain "and there is no apt-get here to install it with."
[[ $EUID -eq 0 ]] || complain "run as root: apt-get install chromium"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
echo "Installing Chromium for the browser tests"
if ! { apt-get -qq update && apt-get -qq -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends chromium; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    complain "and apt-get could not install it: its last words are above."
fi
