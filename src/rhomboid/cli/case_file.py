"""Writing a case: TOML (or JSON where the name says so), whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ..vocabulary import Problem, RhomboidError
from ..vocabulary.case import Case


def write_case(case: Case, path: Path) -> None:
    """Writes a case so that `read_case` gives it back. The old file stays until the new one is complete."""
    text = json.dumps(_plain(_table(case)), indent=2, ensure_ascii=False) + "\n" if path.suffix == ".json" else case_toml(case)
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RhomboidError([Problem(str(path), "", f"cannot be written ({error.strerror})", "check the folder")]) from None


def case_toml(case: Case) -> str:
    """A case as TOML: what it is first, then one finding on each line, then the tables."""
    table = _table(case)
    lines = [f"{key} = {_toml(value)}" for key, value in table.items() if not isinstance(value, dict) and key != "closed"]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += ["", f"[{key}]", *(f"{_key(name)} = {_toml(part)}" for name, part in value.items())]
    for closed in table.get("closed", []):
        lines += ["", "[[closed]]", *(f"{name} = {_toml(part)}" for name, part in closed.items())]
    return "\n".join(lines) + "\n"


def _table(case: Case) -> dict[str, Any]:
    """The parts of a case file that are not empty, in the order in which people read them."""
    closed = [{"condition": one.condition, "by": one.by, "reason": one.reason, "on": one.on} for one in case.closed]
    parts: dict[str, Any] = {
        "id": case.id, "title": case.title, "text": case.text, "on": case.on, "findings": dict(_findings(case)),
        "limits": dict(case.limits), "closed": closed, "source": dict(case.source), "truth": dict(case.truth),
    }  # fmt: skip
    return {key: value for key, value in parts.items() if value not in (None, "", {}, [])}


def _findings(case: Case) -> Iterator[tuple[str, Any]]:
    for name, value in case.findings.items():
        # The unit that was given is left out: the value stands in the finding's own unit by now.
        details = {key: part for key, part in case.details.get(name, {}).items() if key != "unit"}
        yield name, {"value": value, **details} if details else value


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case Mapping():
            return "{ " + ", ".join(f"{_key(str(key))} = {_toml(part)}" for key, part in value.items() if part is not None) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case frozenset() | set():
            return _toml(sorted(value))
    # A JSON text is a TOML text but for DEL, which TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else _toml(name)


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, frozenset | set):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value
