#!/bin/sh
# The tests print PDF with WeasyPrint, which needs Pango. Where it is missing, installs Debian's packages, or says what is skipped.
set -eu
if ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0' && ldconfig -p | grep -q 'libharfbuzz-subset'; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core >/dev/null
else
  echo "skipped: tests of PDF output (Pango is missing; on Debian: apt install libpangoft2-1.0-0 libharfbuzz-subset0)"
fi
