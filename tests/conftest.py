"""The one knowledge all tests read, and the day on which they happen: no test looks at the clock."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rhomboid import Case, Knowledge, load_knowledge, read_case

TESTS = Path(__file__).parent
ON = date(2026, 11, 24)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def on() -> date:
    return ON


@pytest.fixture(scope="session")
def published(knowledge: Knowledge) -> list[Case]:
    """The published cases with known outcome, mapped to the vocabulary."""
    return [read_case(path, knowledge.vocabulary) for path in sorted((TESTS / "cases").glob("*.toml"))]
