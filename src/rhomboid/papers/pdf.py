"""A page of HTML as a tagged PDF."""

from __future__ import annotations

from ..vocabulary import Problem, RhomboidError

INSIDE = ("data:image/png;base64,", "data:image/jpeg;base64,")
"""The only addresses a page may name: a picture that it carries itself."""


def pdf(html: str) -> bytes:
    """Prints a page. It reads no file and no network. Raises RhomboidError without WeasyPrint."""
    try:
        from weasyprint import HTML  # an extra: only who prints needs it
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:  # OSError: the package is there, its Pango library is not
        fix = "pip install 'rhomboid[print]'; on Linux the Pango library too"
        raise RhomboidError([Problem("print", "weasyprint", f"WeasyPrint is not installed ({error})", fix)]) from None

    class Sealed(URLFetcher):  # type: ignore[misc]
        """Refuses every address but a picture inside the page, before anything is opened."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if not url.startswith(INSIDE):
                raise ValueError(f"URI uses disallowed protocol: {url[:80]}")
            return super().fetch(url, headers)

    content: bytes = HTML(string=html, url_fetcher=Sealed(allowed_protocols=("data",))).write_pdf(pdf_tags=True)
    return content
