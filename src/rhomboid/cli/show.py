"""How a page looks in a terminal: a quiet grid of headings, entries and notes, between 60 and 120 columns wide."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from ..vocabulary import Problem

ACCENT, QUIET, STRONG = "cyan", "dim", "bold"
WIDEST, WIDE = 120, 100
MARGIN = 2

URGENCY_STYLE = {
    "emergency_now": "bold white on red",
    "same_day": "bold white on red",
    "urgent_days": "bold black on dark_orange",
    "routine_referral": "bold black on yellow",
    "monitor": "bold black on yellow",
    "treat_with_precautions": "bold black on cyan",
    "treat": "bold black on green",
}
MARK_STYLE = {
    "emergency_now": "bold red", "same_day": "bold red", "urgent_days": "dark_orange", "routine_referral": "yellow",
    "monitor": "yellow",
}  # fmt: skip
YES, NO, OPEN = "✓", "✗", "?"
TRUTH = {True: (YES, "green"), False: (NO, QUIET), None: (OPEN, "yellow")}


class Page:
    """One page of a terminal. Texts are printed as they are: nothing in them is taken for markup."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, markup=False, emoji=False)
        self.width = max(40, min(self.console.width, WIDEST))
        self.wide = self.width >= WIDE

    def blank(self) -> None:
        self.console.print()

    def put(self, shown: RenderableType, indent: int = 0) -> None:
        """Prints something at an indent, without the blanks that rich leaves at the ends of lines."""
        options = self.console.options.update(width=self.width)
        lines = self.console.render_lines(Padding(shown, (0, 0, 0, indent)), options, pad=False)
        self.console.print(Segments(segment for line in lines for segment in (*_trimmed(line), Segment.line())), end="")

    def badge(self, words: str, key: str, aside: str = "") -> None:
        """The headline: a colored badge, and a few words beside it."""
        text = Text.assemble((f" {words.upper()} ", URGENCY_STYLE.get(key, STRONG)), ("  " + aside if aside else "", STRONG))
        self.put(text)

    def title(self, words: str, aside: str = "") -> None:
        """The top of the page. The aside stands at the right, or below where there is no room."""
        room = self.width - len(words) - 2
        if len(aside) <= room:
            self.console.print(Text.assemble((words, STRONG), " " * (self.width - len(words) - len(aside)), (aside, QUIET)))
        else:
            self.put(Text(words, STRONG))
            self.put(Text(aside, QUIET))

    def heading(self, words: str, aside: str = "") -> None:
        """A section: its name, a thin line, and a few words at the right."""
        tail = f" {aside}" if aside else ""
        line = "─" * max(2, self.width - len(words) - 1 - len(tail))
        self.blank()
        self.console.print(Text.assemble((words, f"{STRONG} {ACCENT}"), " ", (line, f"{QUIET} {ACCENT}"), (tail, QUIET)))

    def line(self, text: str | Text, style: str = "", indent: int = MARGIN) -> None:
        """A paragraph; its lines all begin at the indent."""
        shown = text if isinstance(text, Text) else Text(text, style)
        self.put(shown, indent)

    def address(self, link: str, indent: int = MARGIN) -> None:
        """A web address, whole on one line however narrow the terminal, so that it can be opened and copied."""
        self.console.print(" " * indent + link, style=ACCENT, soft_wrap=True)

    def hang(self, mark: str | Text, text: str | Text, style: str = "", mark_style: str = "", indent: int = MARGIN) -> None:
        """A paragraph behind a mark or a word; its further lines begin below its first."""
        head = mark if isinstance(mark, Text) else Text(mark, mark_style)
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=head.cell_len, no_wrap=True)
        grid.add_column()
        grid.add_row(head, text if isinstance(text, Text) else Text(text, style))
        self.put(grid, indent)

    def pairs(self, rows: Iterable[tuple[str, str]], indent: int = MARGIN, style: str = QUIET) -> None:
        """Words and what they mean, in two columns that line up."""
        shown = [(name, text) for name, text in rows if text]
        if not shown:
            return
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=min(max(len(name) for name, _ in shown), self.width // 3))
        grid.add_column()
        for name, text in shown:
            grid.add_row(Text(name, style), Text(text))
        self.put(grid, indent)

    def entry(self, mark: Text, title: str, details: Sequence[str | Text], aside: str = "") -> None:
        """A line of a list with its reasons: beside it where there is room, below it where there is not."""
        shown = [detail if isinstance(detail, Text) else Text(detail, QUIET) for detail in details if detail]
        head = Text.assemble(title, (f"  {aside}" if aside else "", QUIET))
        body = Text("\n").join(shown)
        grid = Table.grid(padding=(0, 1, 0, 0), expand=True)
        grid.add_column(width=mark.cell_len)
        if self.wide:
            grid.add_column(ratio=9)
            grid.add_column(ratio=13)
            grid.add_row(mark, head, body)
        else:
            grid.add_column(ratio=1)
            if shown and head.cell_len + shown[0].cell_len + mark.cell_len + MARGIN + 4 <= self.width:
                head, body = Text.assemble(head, "   ", shown[0]), Text("\n").join(shown[1:])
            grid.add_row(mark, head)
            if body:
                grid.add_row("", body)
        self.put(grid, MARGIN)

    def choices(self, labels: Sequence[str], indent: int = MARGIN) -> None:
        """Numbered options, in several columns where there are many."""
        columns = 1 if len(labels) <= 8 else 3 if self.wide else 2
        depth = -(-len(labels) // columns)
        grid = Table.grid(padding=(0, 1, 0, 0))
        for _ in range(columns):
            grid.add_column(justify="right", style=ACCENT)
            grid.add_column()
        for line in range(depth):
            places = range(line, len(labels), depth)
            grid.add_row(*(Text(cell) for place in places for cell in (str(place + 1), labels[place])))
        self.put(grid, indent)

    def table(
        self,
        columns: Sequence[tuple[str, str]],
        rows: Iterable[Sequence[str | Text]],
        indent: int = MARGIN,
        whole: Sequence[int] = (),
    ) -> None:
        """A plain table; each column has a name and is justified "left" or "right". Those in `whole` are never broken."""
        grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=QUIET)
        for place, (name, side) in enumerate(columns):
            grid.add_column(name, justify="right" if side == "right" else "left", overflow="fold", no_wrap=place in whole)
        for row in rows:
            grid.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
        self.put(grid, indent)


def _trimmed(line: Iterable[Segment]) -> list[Segment]:
    """A line without the blanks at its end, unless they are colored."""
    kept = list(line)
    while kept and not (kept[-1].style and kept[-1].style.bgcolor):
        text, style, _ = kept.pop()
        if text.rstrip():
            kept.append(Segment(text.rstrip(), style))
            break
    return kept


def dots(severity: int, of: int = 3) -> Text:
    """Severity as dots: ●●○."""
    return Text.assemble(("●" * severity, ACCENT), ("○" * (of - severity), QUIET))


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """The first sentence of a text."""
    head, stop, _ = text.partition(". ")
    return head + "." if stop else text


def listed(words: Iterable[str], most: int = 6) -> str:
    """Words in a row, and how many more there are."""
    every = list(words)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return "; ".join(every[:most]) + more


def print_json(data: object) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False))


def print_problems(problems: Iterable[Problem]) -> None:
    """Everything that is wrong, each on its line: where, what, and how to mend it."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    for problem in problems:
        where = f"{problem.place}: {problem.entry}" if problem.entry else problem.place
        fix = ("; ", problem.fix) if problem.fix else ("", "")
        line = Text.assemble(("error: ", "bold red"), (where, STRONG), f": {problem.message}", fix[0], (fix[1], "green"))
        console.print(line, soft_wrap=True)
    sys.stderr.flush()
