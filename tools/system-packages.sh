#!/bin/sh
# What is needed beside Python: Pango (papers as PDF), gettext (gathering the texts of the pages for translation), Chromium (the
# browser tests) and PostgreSQL (the second database). Where something is missing, installs Debian's packages, or says in one
# line what will be skipped. With the argument "papers" or "texts", only what these need.
set -eu
missing=""
wanted() { [ "${only:-$1}" = "$1" ]; }
only="${1:-}"
if wanted papers && { ! ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0' || ! ldconfig -p | grep -q 'libharfbuzz-subset'; }; then
  missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
fi
if wanted texts && ! command -v xgettext >/dev/null; then missing="$missing gettext"; fi
if wanted tests && ! command -v chromium >/dev/null; then missing="$missing chromium fonts-dejavu-core"; fi
if wanted tests && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then missing="$missing postgresql"; fi
if wanted tests && ! command -v pdftoppm >/dev/null; then missing="$missing poppler-utils"; fi
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2086 - one word for each package
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "skipped: what needs these packages (on Debian: apt install$missing)"
fi
