"""A browser for each file of tests, and windows in it. A file gives its own `site`; `password` and `usual` where they differ."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.driving import WAITS, Open, Windows, chromium
from tests.serving import PASSWORD, Site, serving

expect.set_options(timeout=WAITS)
"""As patient as everything else here: a busy machine is no failure."""


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a sample clinic, filled once for all files of tests, whichever process runs them."""
    base = tmp_path_factory.getbasetemp()
    together = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = together / "sample"
    with (together / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            part = tmp_path_factory.mktemp("part")
            with serving(part, demo=True):
                pass
            part.rename(folder)
    return folder


@pytest.fixture(scope="module")
def sample_site(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of a file's own with the sample clinic. On PostgreSQL, whose databases lie elsewhere, it fills its own."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(sample_data, folder, dirs_exist_ok=True)
    with serving(folder, demo=True) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def password() -> str:
    return PASSWORD


@pytest.fixture(scope="module")
def usual() -> str:
    """Who opens a page when nobody is named: a stranger."""
    return ""


@pytest.fixture(scope="module")
def windows(browser: Browser, site: Site, password: str, usual: str) -> Windows:
    return Windows(browser, site, password, usual)


@pytest.fixture
def opened(windows: Windows) -> Iterator[Open]:
    """Opens a page as somebody. Whatever the page throws or the browser refuses fails the test."""
    yield windows.open
    assert windows.close() == []
