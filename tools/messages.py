"""Gathers what the pages say to patients into the file of each language, and compiles it.

    .venv/bin/python tools/messages.py          # after changing a text; then translate what it names, and run it again
    .venv/bin/python tools/messages.py fr       # begins another language

It needs GNU gettext (`apt-get install gettext`); running the site does not. tests/web/test_page_texts.py tells what is missing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).parent.parent / "src" / "rhomboid" / "web"
LOCALE = WEB / "portal" / "locale"
LINES = r"((?:\".*\"\n?)+)"
ENTRY = re.compile(rf"^msgid {LINES}(?:msgid_plural {LINES})?msgstr(?:\[0\])? {LINES}", flags=re.MULTILINE)


def main(new: list[str]) -> int:
    """Returns 1 when a text is not translated yet, and prints each of them."""
    codes = sorted({path.name for path in LOCALE.iterdir() if path.is_dir()} | set(new))
    _gather(codes)
    missing = [f"{code}: {text}" for code in codes for text in _compiled(LOCALE / code / "LC_MESSAGES" / "django.po")]
    print("\n".join(missing) or f"complete: {', '.join(codes)}")
    return 1 if missing else 0


def _gather(codes: list[str]) -> None:
    """Every text marked for translation, from the templates and the code, into the file of each language."""
    os.environ.update(RHOMBOID_DATA=tempfile.mkdtemp(), RHOMBOID_DEMO="1", DJANGO_SETTINGS_MODULE="rhomboid.web.config.settings")
    import django
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command

    class Gather(Command):
        # A guess at a translation is worse than a gap that is named.
        msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]  # noqa: RUF012

    django.setup()
    os.chdir(WEB)
    call_command(Gather(), locale=codes, no_location=True, no_obsolete=True, no_wrap=True, extensions=["html", "txt", "py"])


def _compiled(po: Path) -> list[str]:
    """Compiles one language; gives the texts without a translation."""
    text = re.sub(r'"POT-Creation-Date:.*\n', "", po.read_text(encoding="utf-8"))
    po.write_text(text, encoding="utf-8")
    subprocess.run(["msgfmt", "--check-format", "-o", po.with_suffix(".mo"), po], check=True)
    entries = ENTRY.findall(text)
    return [said.strip() for said, _, translated in entries if said.strip() != '""' and translated.strip() == '""']


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
