#!/bin/sh
# What the tests need beside Python: Pango (papers as PDF), Chromium (the browser tests) and PostgreSQL (the second database).
# Where something is missing, installs Debian's packages, or says in one line what will be skipped. With the argument
# "papers", only what papers need.
set -eu
missing=""
if ! ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0' || ! ldconfig -p | grep -q 'libharfbuzz-subset'; then
  missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
fi
[ "${1:-}" = papers ] || command -v chromium >/dev/null || missing="$missing chromium fonts-dejavu-core"
[ "${1:-}" = papers ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ "${1:-}" = papers ] || command -v pdftoppm >/dev/null || missing="$missing poppler-utils"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2086 - one word for each package
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "skipped: what needs these packages (on Debian: apt install$missing)"
fi
