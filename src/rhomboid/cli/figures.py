"""`rhomboid figures`: write every exercise's picture, and one sheet to look at them all."""

from __future__ import annotations

from argparse import Namespace
from html import escape
from pathlib import Path

from ..figures import figure_svg, load_figures, stylesheet
from ..knowledge import Knowledge
from ..knowledge.model import Exercise
from ..vocabulary import Problem, RhomboidError
from .figures_sheet import sheet_png
from .reading import Commands, add_command, load

SHEET = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Exercise figures</title>
<style>
:root {{ color-scheme: light dark; background: light-dark(#fff, #0f1514); }}
body {{ color: light-dark(#15201e, #e8eeec); font: 14px/20px system-ui; }}
body {{ margin: 16px; display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); gap: 16px; }}
figure {{ margin: 0; }}
img {{ width: 100%; border-radius: 8px; background: light-dark(#f3f5f4, #161d1c); }}
</style>
{figures}
</html>
"""


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "figures", "write the exercises' pictures and a sheet of them all", run)
    parser.add_argument("--out", type=Path, metavar="DIR", help="one SVG per exercise, index.html and sheet.png")
    parser.add_argument("--css", type=Path, metavar="FILE", help="only write the site's rules for pictures inside a page")


def run(options: Namespace) -> int:
    if options.css:
        options.css.write_text(stylesheet(), encoding="utf-8")
    if options.out:
        write_figures(load(), options.out)
    if not options.css and not options.out:
        raise RhomboidError([Problem("rhomboid figures", "", "nowhere to write", "say --out DIR")])
    return 0


def write_figures(knowledge: Knowledge, folder: Path) -> None:
    """Writes `<exercise id>.svg` for each figure, `index.html` with all of them moving, and `sheet.png` with their stills."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = load_figures().figures
    named = [(one.name, drawn[one.id]) for one in knowledge.of(Exercise).values() if one.id in drawn]
    cells = []
    for name, figure in named:
        (folder / f"{figure.id}.svg").write_text(figure_svg(figure), encoding="utf-8")
        cells.append(
            f'<figure><img src="{figure.id}.svg" alt="" loading="lazy">'
            f"<figcaption>{escape(name)}<br><small>{figure.id}</small></figcaption></figure>"
        )
    (folder / "index.html").write_text(SHEET.format(figures="\n".join(cells)), encoding="utf-8")
    (folder / "sheet.png").write_bytes(sheet_png(named))
