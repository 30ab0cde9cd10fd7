"""What is drawn on paper: curves, codes and the clinic's logo, and that printing reads nothing else."""

from __future__ import annotations

import base64
import logging
import re
import struct
import zlib
from dataclasses import replace
from datetime import date

import pytest
import segno

from rhomboid import RhomboidError
from rhomboid.papers import Curve, HomePaper, Letterhead, Person, Point, ProgressPaper, home_html, pdf, progress_html
from rhomboid.papers.curves import BOTTOM, TOP, Drawing
from rhomboid.papers.qr import code_of

MADE = date(2026, 12, 21)
CLINIC = Letterhead(name="Juniper Street Physical Therapy")
PERSON = Person(name="Marisol Vega")
CURVE = Curve(
    name="Pain",
    scale="NPRS 0 to 10",
    points=(Point(date(2026, 11, 23), 5, 0.5), Point(MADE, 3)),
    low=0,
    high=10,
    better="down",
    mcid=2,
)


# --- curves -------------------------------------------------------------------------------------------------------------


def test_a_curve_shows_the_whole_scale() -> None:
    drawing = Drawing(CURVE)
    assert [text for _, text in drawing.levels] == ["0", "2", "4", "6", "8", "10"]
    assert (drawing.levels[0][0], drawing.levels[-1][0]) == (BOTTOM, TOP)
    assert [text for _, text in drawing.days] == ["23 Nov", "21 Dec"]
    assert drawing.dots[0].y < drawing.dots[1].y
    assert [text for _, text in Drawing(replace(CURVE, high=180)).levels] == ["0", "50", "100", "150", "180"]


def test_what_is_not_known_of_a_measure_is_not_drawn() -> None:
    drawing = Drawing(CURVE)
    assert drawing.chance is None
    assert drawing.matters is not None
    assert drawing.edge == drawing.dots[1].y
    assert Drawing(replace(CURVE, mcid=None)).edge is None
    assert Drawing(replace(CURVE, mcid=6)).matters is None, "a change that matters lies beyond the scale"


def test_visits_on_one_day_are_drawn() -> None:
    assert len(Drawing(replace(CURVE, points=(Point(MADE, 5), Point(MADE, 3)))).dots) == 2
    empty = ProgressPaper(person=PERSON, made=MADE, curves=(replace(CURVE, points=()),))
    assert "<figure" not in progress_html(empty, CLINIC)


# --- codes --------------------------------------------------------------------------------------------------------------


def test_a_code_is_the_link_and_large_enough_to_scan() -> None:
    link = "https://clinic.example/h/7Kq2"
    code = code_of(link)
    dark = {(x, y) for y, row in enumerate(segno.make(link, error="m", micro=False).matrix) for x, one in enumerate(row) if one}
    assert {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)", code.path)} == dark
    assert code.millimeters >= 26
    dense = code_of("https://clinic.example/" + "a" * 170)
    assert dense.millimeters / dense.width >= 0.49


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "clinic.example", "https://clinic.example/" + "a" * 200]
)
def test_only_a_web_address_becomes_a_code(link: str) -> None:
    with pytest.raises(RhomboidError, match="web address"):
        home_html(HomePaper(person=PERSON, made=MADE, exercises=(), link=link), CLINIC)


# --- pictures -----------------------------------------------------------------------------------------------------------


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress((b"\0" + b"\x0b\x5f\x78" * width) * height) if width * height < 100 else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def jpeg(width: int, height: int) -> bytes:
    return (
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc4\x00\x04ab\xff\xc2\x00\x0b\x08"
        + struct.pack(">HH", height, width)
        + b"\x03"
        + b"\0" * 3
    )


def test_a_logo_is_carried_in_the_page() -> None:
    html = progress_html(ProgressPaper(person=PERSON, made=MADE), replace(CLINIC, logo=png()))
    assert f'src="data:image/png;base64,{base64.b64encode(png()).decode()}"' in html
    assert replace(CLINIC, logo=jpeg(40, 30)).logo_uri.startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize(
    ("logo", "why"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>', "neither PNG nor JPEG"),
        (b"", "neither PNG nor JPEG"),
        (png() + b"\0" * 1_000_000, "bytes"),
        (png(30_000, 30_000), "too many pixels"),
        (jpeg(30_000, 30_000), "too many pixels"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"\xff\xd8\xff\xe0\xff\xff", "broken"),
    ],
)
def test_anything_but_a_small_png_or_jpeg_is_refused_as_logo(logo: bytes, why: str) -> None:
    with pytest.raises(RhomboidError, match=why):
        replace(CLINIC, logo=logo)


def test_only_a_picture_inside_the_page_is_printed(caplog: pytest.LogCaptureFixture) -> None:
    def refused(source: str) -> bool:
        caplog.clear()
        with caplog.at_level(logging.ERROR, logger="weasyprint"):
            assert pdf(f'<img src="{source}" alt="">').startswith(b"%PDF")
        return any("disallowed protocol" in record.getMessage() for record in caplog.records)

    assert not refused(f"data:image/png;base64,{base64.b64encode(png()).decode()}")
    svg = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"/>').decode()
    for source in (
        f"data:image/svg+xml;base64,{svg}",
        "data:text/html,x",
        "file:///etc/hostname",
        "https://example.org/a.png",
        "DATA:image/svg+xml,x",
    ):
        assert refused(source), source
