"""Gathers what the pages say to patients into the file of each language, and compiles it.

    .venv/bin/python tools/messages.py          # after changing a text; then translate what it names, and run it again
    .venv/bin/python tools/messages.py --check  # changes nothing; names what is missing, and files that are not up to date
    .venv/bin/python tools/messages.py fr       # begins another language

It needs GNU gettext (`apt-get install gettext`); running the site does not. tests/web/test_page_texts.py tries what is committed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).parent.parent / "src" / "rhomboid" / "web"
LINES = r"((?:\".*\"\n?)+)"
ENTRY = re.compile(rf"^msgid {LINES}(?:msgid_plural {LINES})?msgstr(?:\[0\])? {LINES}", flags=re.MULTILINE)


def main(options: list[str]) -> int:
    """Returns 1 when a text is not translated yet, or with --check when a file is not up to date, and prints each of them."""
    if "--check" in options:
        return _check()
    wrong = _written(WEB, options)
    print("\n".join(wrong) or f"complete: {', '.join(_codes(WEB))}")
    return 1 if wrong else 0


def _check() -> int:
    """Writes the files of a copy, and compares."""
    if not shutil.which("xgettext"):
        print("skipped: the texts of the pages (GNU gettext is not installed; on Debian: apt install gettext)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "web"
        shutil.copytree(WEB, copy, ignore=shutil.ignore_patterns("__pycache__", "fonts", "img"))
        wrong = _written(copy, [])
        for path in sorted(_locale(copy).rglob("django.*")):
            name = path.relative_to(copy)
            if not (WEB / name).is_file() or (WEB / name).read_bytes() != path.read_bytes():
                wrong.append(f"{name}: is not up to date; run tools/messages.py")
    print("\n".join(wrong) or f"the texts of the pages: complete: {', '.join(_codes(WEB))}")
    return 1 if wrong else 0


def _locale(web: Path) -> Path:
    return web / "portal" / "locale"


def _codes(web: Path) -> list[str]:
    return sorted(path.name for path in _locale(web).iterdir() if path.is_dir())


def _written(web: Path, new: list[str]) -> list[str]:
    """Gathers and compiles the texts of a site; gives those that are not translated, each with its language."""
    codes = sorted({*_codes(web), *new})
    _gather(codes, web)
    return [f"{code}: {text}" for code in codes for text in _compiled(_locale(web) / code / "LC_MESSAGES" / "django.po")]


def _gather(codes: list[str], web: Path) -> None:
    """Every text marked for translation, from the templates and the code, into the file of each language."""
    os.environ.update(RHOMBOID_DATA=tempfile.mkdtemp(), RHOMBOID_DEMO="1", DJANGO_SETTINGS_MODULE="rhomboid.web.config.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command

    class Gather(Command):
        # A guess at a translation is worse than a gap that is named.
        msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]  # noqa: RUF012

    django.setup()
    settings.LOCALE_PATHS = [_locale(web)]
    os.chdir(web)
    options = {"no_location": True, "no_obsolete": True, "no_wrap": True, "verbosity": 0}
    call_command(Gather(), locale=codes, extensions=["html", "txt", "py"], **options)


def _compiled(po: Path) -> list[str]:
    """Compiles one language; gives the texts without a translation."""
    text = re.sub(r'"POT-Creation-Date:.*\n', "", po.read_text(encoding="utf-8"))
    text = re.sub(r'^#, fuzzy\n(?=msgid ""\nmsgstr "")', "", text, flags=re.MULTILINE)  # or the head of a new file is left out
    po.write_text(text, encoding="utf-8")
    subprocess.run(["msgfmt", "--check-format", "-o", po.with_suffix(".mo"), po], check=True)
    entries = ENTRY.findall(text)
    return [said.strip() for said, _, translated in entries if said.strip() != '""' and translated.strip() == '""']


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
