"""A page of HTML as a tagged PDF."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import Any

from ..vocabulary import Problem, RhomboidError

INSIDE = ("data:image/png;base64,", "data:image/jpeg;base64,")
"""The only addresses a page may name: a picture that it carries itself."""
FONT = Path(__file__).parent / "fonts" / "inter.woff2"
"""Inter (SIL OFL), weights 400 to 700, cut to Latin with Spanish: papers look the same wherever they are printed."""
FONT_ADDRESS = "data:font/woff2;base64,"


def pdf(html: str) -> bytes:
    """Prints a page. It reads no file of the page and no network. Raises RhomboidError without WeasyPrint."""
    try:
        from weasyprint import CSS, HTML  # an extra: only who prints needs it
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:  # OSError: the package is there, its Pango library is not
        fix = "pip install 'rhomboid[print]'; on Linux the Pango library too"
        raise RhomboidError([Problem("print", "weasyprint", f"WeasyPrint is not installed ({error})", fix)]) from None

    class Sealed(URLFetcher):  # type: ignore[misc]
        """Refuses every address but those that begin so, before anything is opened."""

        def __init__(self, allowed: tuple[str, ...], **settings: Any) -> None:
            super().__init__(allowed_protocols=("data",), **settings)
            self.allowed = allowed

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if not url.startswith(self.allowed):
                raise ValueError(f"URI uses disallowed protocol: {url[:80]}")
            return super().fetch(url, headers)

    fonts = FontConfiguration()
    own = CSS(string=_font_face(), font_config=fonts, url_fetcher=Sealed((FONT_ADDRESS,)))
    page = HTML(string=html, url_fetcher=Sealed(INSIDE))
    content: bytes = page.write_pdf(stylesheets=[own], font_config=fonts, pdf_tags=True)
    return content


@cache
def _font_face() -> str:
    address = FONT_ADDRESS + base64.b64encode(FONT.read_bytes()).decode("ascii")
    return f'@font-face {{ font-family: Inter; font-weight: 400 700; src: url("{address}") format("woff2") }}'
