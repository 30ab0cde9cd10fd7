"""Every setting stands in the reference, and nothing stands there that no code reads."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\b(?:RHOMBOID_[A-Z_]+|DATABASE_URL)\b")


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "rhomboid" / "web" / "config").glob("*.py"))
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert set(NAME.findall(code)) == set(NAME.findall(page))


def test_every_command_of_the_site_stands_in_the_docs() -> None:
    page = (ROOT / "docs" / "how-to" / "run-a-clinic.md").read_text(encoding="utf-8")
    for command in ("serve", "owner", "backup", "restore", "audit verify", "export", "doctor"):
        assert f"rhomboid {command}" in page, command
