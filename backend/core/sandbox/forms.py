"""The job "html_pdf": a form in HTML becomes PDF, with what the caller gave along and nothing else.

Payload: JSON `{"html": …, "assets": {id: base64}}`; the HTML names an asset `asset:id`. Every other address is refused:
neither a network nor a file is there to be had.
"""

import base64
import io
import json
import os
import sys
from functools import lru_cache
from pathlib import Path

import fontpkg_noto_sans
from PIL import Image

from .job import Job, Refused

_MAX_CHARACTERS = 2_000_000
_MAX_DEPTH = 5_000  # of Python calls: deep enough for honest forms, shallow enough not to crash the stack
# One of everything, so that every font is open and every module loaded before the door shuts.
_WARM = """
<meta charset=utf-8><title>1</title><style>@page { margin: 1cm; @bottom-right { content: counter(page) } }</style>
<p>Әә <b>Ққ</b> <i>Ұұ</i> <b><i>Іі</i></b><ol><li>1</ol><table><tr><td>1<td><a href=#x>1</a></table>
<img src=asset:png><img src=asset:jpeg><img src=asset:svg>
"""
_SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9'/><text y='9'>1</text></svg>"


class _Forms:
    """WeasyPrint with one set of fonts, opened while the process still may; imported late, after their settings."""

    def __init__(self) -> None:
        # Only our own fonts: the same form looks the same on every machine. fonts.conf finds them under XDG_DATA_HOME.
        os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
        os.environ["XDG_DATA_HOME"] = str(fontpkg_noto_sans.ROOT)
        from weasyprint import HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        class Assets(URLFetcher):
            def __init__(self, given: dict[str, bytes]) -> None:
                super().__init__(allowed_protocols=[])
                self._given = given

            def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
                scheme, _, name = url.partition(":")
                if scheme != "asset":
                    raise ValueError("a form brings its assets along")
                return URLFetcherResponse(url, self._given[name])

        class OwnFonts(FontConfiguration):
            def add_font_face(self, *_: object) -> None:
                """A style sheet brings no fonts: WeasyPrint would write them to a folder first."""

        self._html, self._assets, self._fonts = HTML, Assets, OwnFonts()

    def pdf(self, html: str, assets: dict[str, bytes]) -> bytes:
        document = self._html(string=html, url_fetcher=self._assets(assets)).render(font_config=self._fonts)
        document.metadata.attachments = []
        return document.write_pdf()


@lru_cache(maxsize=1)
def _forms() -> _Forms:
    return _Forms()


def _prepare() -> None:
    sys.setrecursionlimit(_MAX_DEPTH)
    pictures = {"svg": _SVG}
    for kind in ("png", "jpeg"):
        written = io.BytesIO()
        Image.new("RGB", (4, 4)).save(written, kind)
        pictures[kind] = written.getvalue()
    _forms().pdf(_WARM, pictures)


def _html_pdf(payload: bytes) -> bytes:
    message = json.loads(payload)
    if len(message["html"]) > _MAX_CHARACTERS:
        raise Refused("too_large")
    assets = {name: base64.b64decode(data) for name, data in message["assets"].items()}
    try:
        return _forms().pdf(message["html"], assets)
    except RecursionError:
        raise Refused("too_deep") from None


HTML_PDF = Job(run=_html_pdf, prepare=_prepare)
