"""Every setting stands in the reference, nothing stands there that no code reads, and a wrong value is named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from rhomboid.web.config.env import check

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


@pytest.mark.parametrize(
    ("name", "value"),
    [("RHOMBOID_TIME_ZONE", "Mars/Base"), ("RHOMBOID_LOG_LEVEL", "loud"), ("DATABASE_URL", "ada:secret@host/name")],
)
def test_what_django_would_break_off_at_is_refused_by_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check()
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        check()
    assert "secret" not in str(refused.value)


def test_the_doctor_tells_a_wrong_setting(tmp_path: Path) -> None:
    settings = os.environ | {"RHOMBOID_DATA": str(tmp_path), "RHOMBOID_HTTPS": "maybe", "COLUMNS": "200"}
    done = subprocess.run([sys.executable, "-m", "rhomboid", "doctor"], env=settings, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Settings RHOMBOID_HTTPS='maybe' is neither yes nor no" in done.stdout
