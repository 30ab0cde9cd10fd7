"""The colors of the figures (LOOK: grey clothes, the working region in the accent) and the rules that use them."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from functools import lru_cache

PALETTE: dict[str, tuple[str, str]] = {
    "shirt": ("#aebcbd", "#6d8086"), "shirt2": ("#8c9c9e", "#54656b"), "pants": ("#56676c", "#48585f"),
    "pants2": ("#46555a", "#3a474e"), "skin": ("#c99a78", "#c99a78"), "skin2": ("#a97c5b", "#a97c5b"),
    "hair": ("#4a3b31", "#57453a"), "shoe": ("#2c3638", "#84948f"), "work": ("#0a6787", "#86e0f5"),
    "arrow": ("#0a4f64", "#bfe6f0"), "pale": ("#d5dcda", "#3a4744"), "pale2": ("#c6cfcd", "#2f3b38"),
    "mid": ("#c3cdcb", "#3d4a47"), "mid2": ("#b0bcba", "#323d3b"), "dark": ("#8d9c9c", "#66756f"),
    "dark2": ("#7b8a8a", "#55635e"), "mat": ("#d3e0dd", "#273532"), "mat2": ("#bfd0cc", "#1f2b29"),
    "wall": ("#dce3e1", "#293532"), "wall2": ("#d0d8d6", "#222d2b"), "band": ("#b98317", "#dca93c"),
    "water": ("#a9c9d3", "#2d5260"), "ghost": ("#7f9aa8", "#7f9aa8"), "edge": ("#f3f5f4", "#161d1c"),
    "dot": ("#ffffff", "#ffffff"),
}  # fmt: skip
"""Name: light, dark."""

FILLED = {
    "t": "shirt", "t2": "shirt2", "o": "pants", "o2": "pants2", "k": "skin", "i": "skin", "k2": "skin2", "h": "hair",
    "f": "shoe", "f2": "shoe", "a": "pale", "a2": "pale2", "c": "mid", "c2": "mid2", "d": "dark", "d2": "dark2", "g": "mat",
    "g2": "mat2", "l": "wall", "l2": "wall2", "n": "band", "n2": "band", "u": "arrow",
}  # fmt: skip
EDGED = ("t", "t2", "o", "o2", "k", "k2")
EDGE = ";stroke:{};stroke-width:1.6;paint-order:stroke"
BOTH = {"v": "skin", "v2": "skin2", "y": "ghost"}
FINER = {
    "q": "fill:{water};fill-opacity:.55", "q2": "fill:{water};fill-opacity:.55", "x": "fill:{ghost}", "z": "opacity:.26",
    "b": "fill:#fff;fill-opacity:.4;stroke:#fff;stroke-opacity:.85;stroke-width:1.5", "r": "stroke-width:5",
}  # fmt: skip
STROKED = {
    "s1": "shirt",
    "a1": "pale",
    "c1": "mid",
    "d1": "dark",
    "g1": "mat",
    "l1": "wall",
    "n1": "band",
    "w": "work",
    "w1": "work",
    "r": "arrow",
    "p": "dot",
    "e": "hair",
}


def rules(color: Mapping[str, str], used: Container[str], root: str = "") -> str:
    """The style rules with these colors (literal, or the names of variables), for the classes that are used."""
    out = ".rf{fill:none;stroke-linecap:round;stroke-linejoin:round}"
    for name, word in FILLED.items():
        out += f"{root}.{name}{{fill:{color[word]}{EDGE.format(color['edge']) if name in EDGED else ''}}}" if name in used else ""
    for name, word in STROKED.items():
        out += f"{root}.{name}{{stroke:{color[word]}}}" if name in used else ""
    for name, word in BOTH.items():
        out += f"{root}.{name}{{fill:{color[word]};stroke:{color[word]}}}" if name in used else ""
    for name, more in FINER.items():
        out += f"{root}.{name}{{{more.format(**color)}}}" if name in used else ""
    return out


CLASSES = re.compile('class="([^"]+)"')
MOTION = ".m{display:none}@media screen and (prefers-reduced-motion:no-preference){.m{display:inline}.s{display:none}}"


def style(drawn: str, paper: bool) -> str:
    """The rules a drawing needs, for a file of its own: with both themes, or with plain light colors for paper."""
    return _style(frozenset(name for names in CLASSES.findall(drawn) for name in names.split()), paper)


@lru_cache(maxsize=256)
def _style(used: frozenset[str], paper: bool) -> str:
    light = rules({name: pair[0] for name, pair in PALETTE.items()}, used)
    if paper:
        return light
    dark = {name: pair[1] for name, pair in PALETTE.items()}
    changed = "".join(
        f".{name}{{{kind}:{dark[word]}}}"
        for kind, words in (("fill", FILLED), ("stroke", STROKED))
        for name, word in words.items()
        if name in used and PALETTE[word][0] != PALETTE[word][1]
    )
    edged = ",".join(f".{name}" for name in EDGED if name in used)
    night = f"@media screen and (prefers-color-scheme:dark){{{changed}{edged}{{stroke:{dark['edge']}}}}}"
    return light + night + (MOTION if "m" in used else "")


def stylesheet() -> str:
    """The same rules for a site that forbids styles inside a page; the theme is the page's."""
    both = ";".join(f"--f-{name}:light-dark({light},{dark})" for name, (light, dark) in PALETTE.items())
    motion = MOTION.replace(".m{", ".rf .m{").replace(".s{", ".rf .s{")
    ruled = rules({name: f"var(--f-{name})" for name in PALETTE}, {*FILLED, *STROKED, *BOTH, *FINER}, ".rf ")
    head = "/* Written by rhomboid figures --css from src/rhomboid/figures/palette.py; a test keeps it equal. */"
    return f"{head}\n.rf{{{both}}}\n{ruled}\n{motion}\n".replace("}.rf", "}\n.rf")
