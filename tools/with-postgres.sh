#!/bin/sh
# Runs a command with DATABASE_URL naming a PostgreSQL of its own, which is gone afterwards: with-postgres.sh COMMAND [ARG ...]
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /)")
if [ ! -x "$bin/initdb" ]; then
  echo "skipped: the tests on PostgreSQL (it is not installed; on Debian: apt install postgresql)"
  exit 0
fi
folder=$(mktemp -d)
as=""
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
  chown postgres "$folder"
  as="runuser -u postgres --"
fi
port=$((20000 + $$ % 20000))
stop() { (cd / && $as "$bin/pg_ctl" -D "$folder/data" -m immediate stop) >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT INT TERM
cd_back=$(pwd)
cd /
$as "$bin/initdb" -D "$folder/data" -U rhomboid -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
$as "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
  -o "-k $folder -p $port -c listen_addresses=127.0.0.1 -c fsync=${PG_FSYNC:-off} -c max_connections=100" start >/dev/null
cd "$cd_back"
"$bin/createdb" -h 127.0.0.1 -p "$port" -U rhomboid rhomboid
PATH="$bin:$PATH" DATABASE_URL="postgres://rhomboid@127.0.0.1:$port/rhomboid" "$@"
