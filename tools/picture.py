"""Draws what a command prints as an SVG for the README: python tools/picture.py OUT.svg LINES COMMAND ..."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 104


def main() -> None:
    out, lines, *command = sys.argv[1:]
    environment = {**os.environ, "COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for line in printed.splitlines()[: int(lines)]:
        console.print(Text.from_ansi(line))
    title = "rhomboid " + " ".join(word.replace("tests/cases/", "") for word in command[1:])
    drawn = console.export_svg(title=title)
    # The picture must not fetch fonts from elsewhere: the reader's own monospace font serves.
    drawn = re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL).replace("Fira Code", "ui-monospace")
    Path(out).write_text(drawn, encoding="utf-8")


main()
