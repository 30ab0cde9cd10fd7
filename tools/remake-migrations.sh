#!/bin/sh
# Before the first release: writes the one initial migration of each app anew from its models.
set -eu
cd "$(dirname "$0")/.."
for app in accounts records; do
  rm -rf "src/rhomboid/web/$app/migrations"
  mkdir -p "src/rhomboid/web/$app/migrations"
  touch "src/rhomboid/web/$app/migrations/__init__.py"
done
RHOMBOID_DATA="$(mktemp -d)" RHOMBOID_DEMO=1 DJANGO_SETTINGS_MODULE=rhomboid.web.config.settings .venv/bin/django-admin makemigrations accounts records
.venv/bin/ruff format --quiet src/rhomboid/web/*/migrations
