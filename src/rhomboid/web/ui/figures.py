"""The exercises' pictures for pages: inside a page, or as files of their own that browsers may keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse

from ...figures import Still, drawing, figure_svg, load_figures
from ...figures.loading import FOLDER

STILLS: dict[str, Still] = {"": "", "start": "start", "end": "end"}
YEAR = "public, max-age=31536000, immutable"
DAY = "public, max-age=86400"


@cache
def version() -> str:
    """Ten digits that change with any pose and with the way it is drawn; nothing else makes a picture another one."""
    digest = hashlib.sha256()
    for path in (*sorted(FOLDER.glob("*.toml")), *sorted(Path(drawing.__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@lru_cache(maxsize=512)
def drawn(
    name: str, mirrored: bool = False, still: str = "", language: str = "en", inline: bool = False, ornament: bool = False
) -> str:
    """A picture as SVG text. Raises KeyError for an exercise without one."""
    figure = load_figures().figures[name]
    alt = "" if ornament else None
    return figure_svg(figure, mirrored=mirrored, still=STILLS[still], inline=inline, language=language, alt=alt)


def address(name: str, mirrored: bool = False, still: str = "", language: str = "en") -> str:
    """Where a picture lies, with its version, so that a browser keeps it for good."""
    wanted = {"still": still, "mirrored": "1" if mirrored else "", "lang": language if language != "en" else ""}
    query = {key: value for key, value in wanted.items() if value} | {"v": version()}
    return f"{reverse('figure', args=[name])}?{urlencode(query)}"


def figure_file(request: HttpRequest, name: str) -> HttpResponse:
    """One picture as a file. Holds nothing about anybody."""
    still, language = request.GET.get("still", ""), request.GET.get("lang", "en")
    if name not in load_figures().figures or still not in STILLS or language not in ("en", "es"):
        raise Http404
    etag = f'"{version()}"'
    kept = YEAR if request.GET.get("v") == version() else DAY
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        svg = drawn(name, request.GET.get("mirrored") == "1", still, language)
        answer = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = etag, kept
    return answer


def pictures(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, before the sessions: a picture is the same for everybody, so its answer carries no cookie and varies by none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and request.path_info.startswith("/figures/"):
            try:
                match = resolve(request.path_info)
                return match.func(request, *match.args, **match.kwargs)  # type: ignore[no-any-return]
            except Http404:
                pass  # told as any other page that is not there
        return get_response(request)

    return middleware
