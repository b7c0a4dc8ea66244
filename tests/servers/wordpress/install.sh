#!/usr/bin/env bash
# Debian's WordPress below a folder ($1), unpacked and not installed: its package would start a web server of its own.
# Needs php and mariadbd (prepare.sh). Does nothing when it is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=$1
mkdir -p "$home"
cp "$here/wp-config.php" "$home/wp-config.php"
[[ ! -e $home/site/wp-includes/version.php ]] || exit 0

echo "Unpacking WordPress for the tests"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
fetch() { (cd "$work" && apt-get -qq download wordpress) >"$work/log" 2>&1; }
if ! fetch && ! { [[ $EUID -eq 0 ]] && apt-get -qq update >>"$work/log" 2>&1 && fetch; }; then
    tail -n 20 "$work/log" >&2
    echo "apt-get could not fetch wordpress: its last words are above. As root, apt-get update may help." >&2
    exit 1
fi
dpkg-deb -x "$work"/wordpress_*.deb "$work/unpacked"
# The configuration is the tests' own, in the folder above, where WordPress looks for it, too.
rm "$work/unpacked/usr/share/wordpress/wp-config.php"
# Beside it first: from another file system it comes piece by piece, and half of it would be taken for all.
rm -rf "$home/site" "$home/site.new"
mv "$work/unpacked/usr/share/wordpress" "$home/site.new"
mv "$home/site.new" "$home/site"
