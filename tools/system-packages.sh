#!/bin/sh
# What the tests need beside Python: Pango (papers as PDF), Chromium (the browser tests) and PostgreSQL (the second database).
# Where something is missing, installs Debian's packages, or says in one line what will be skipped.
set -eu
missing=""
if ! ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0' || ! ldconfig -p | grep -q 'libharfbuzz-subset'; then
  missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
fi
command -v chromium >/dev/null || missing="$missing chromium fonts-dejavu-core"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v pdftoppm >/dev/null || missing="$missing poppler-utils"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2086 - one word for each package
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "skipped: the tests that need these packages (on Debian: apt install$missing)"
fi
