"""A browser for each file of tests, and windows in it. A file gives its own `site`; `password` and `usual` where they differ."""

from __future__ import annotations

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
    """The data folder of a sample clinic, filled once for all files of tests."""
    folder = tmp_path_factory.mktemp("sample")
    with serving(folder, demo=True):
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
