"""The sheet of an act as PDF: HTML that the limited process draws."""

import base64
import json
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from backend.acts.authenticity_rules import PaperBusy
from backend.acts.models import Act
from backend.acts.paper import annex, content
from backend.acts.paper.words import Language, Words, grouped, money, short
from backend.core import sandbox
from backend.core.clock import ALMATY
from backend.core.symbols import Matrix, qr

FOLDER = Path(__file__).parent
CODES_ON_FORM = 200
"""So many codes stand on the sheet itself; more go into an annex of their own, which costs no layout."""
LINES_ON_FORM = 150
REFUSED_ON_FORM = 150
JOB, SECONDS, MEGABYTES = "html_pdf", 20.0, 400


def pdf(act: Act, language: Language) -> bytes:
    """The sheet. Raises PaperBusy."""
    page = html(act, language)
    found = content.authenticity.link(act) if content.authenticity.public(act) else None
    assets = {"qr": base64.b64encode(_svg(qr(found))).decode()} if found else {}
    payload = json.dumps({"html": page, "assets": assets}).encode()
    try:
        return sandbox.call(JOB, payload, seconds=SECONDS, megabytes=MEGABYTES)
    except sandbox.SandboxFailed as failure:
        raise PaperBusy() from failure


def expect() -> None:
    """Somebody looks at an act, and may soon want it on paper: the process that draws it takes a second to start, and
    nobody waits for it here."""
    sandbox.warm(JOB)


def html(act: Act, language: Language) -> str:
    """The sheet before it is drawn."""
    words, sheet = Words(language), content.of(act)
    apart = sheet.total[0] > CODES_ON_FORM
    return _template().render(
        w=words,
        sheet=sheet,
        style=(FOLDER / "form.css").read_text(encoding="utf-8"),
        lines=sheet.lines[:LINES_ON_FORM],
        lines_apart=len(sheet.lines) - LINES_ON_FORM,
        refusals=list(_shown(sheet.refusals)),
        refused_apart=sum(len(one.codes) for one in sheet.refusals) - REFUSED_ON_FORM,
        extra=sheet.extra[:REFUSED_ON_FORM],
        extra_apart=len(sheet.extra) - REFUSED_ON_FORM,
        apart=apart,
        groups=[] if apart or sheet.is_draft else list(annex.groups(act)),
        refused={code for one in sheet.refusals for code in one.codes},
    )


def _shown(refusals: list[content.Refusals]) -> list[content.Refusals]:
    """The refusals with as many codes as the sheet has room for."""
    shown, room = [], REFUSED_ON_FORM
    for one in refusals:
        shown.append(content.Refusals(one.reason, one.words, one.codes[:room], one.photos))
        room = max(0, room - len(one.codes))
    return shown


@cache
def _template() -> Template:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"grouped": grouped, "money": money, "day": short, "moment": _moment}
    return made.get_template("form.html")


def _moment(at: object) -> str:
    return f"{at.astimezone(ALMATY):%d.%m.%Y %H:%M}"


def _svg(matrix: Matrix) -> bytes:
    """A symbol as a drawing, a run of dark modules a rectangle."""
    path = []
    for y in range(matrix.width):
        x = 0
        while x < matrix.width:
            start = x
            while x < matrix.width and matrix.dark(x, y):
                x += 1
            if x > start:
                path.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    side = matrix.width
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{side}' height='{side}' viewBox='0 0 {side} {side}'"
        f" shape-rendering='crispEdges'><path d='{''.join(path)}'/></svg>"
    ).encode()
