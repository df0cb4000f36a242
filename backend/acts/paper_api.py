"""The papers of an act: its print form, and the annex with the codes."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack

from flask import Response
from werkzeug.wsgi import FileWrapper

from backend.acts import queries
from backend.acts.paper import annex, annex_pdf, form
from backend.acts.paper.words import Words
from backend.acts.paper_schemas import AnnexQuery, PaperQuery
from backend.core.api import Api
from backend.organisations.access import Permission
from backend.organisations.scope import scope

api = Api("act_papers")

PDF, CSV = "application/pdf", "text/csv"


@api.get("/acts/<act_id>/paper", allow=Permission.ACTS_SEE, query=PaperQuery, media=PDF)
def act_paper(act_id: str, query: PaperQuery) -> Response:
    """The print form of an act, with its signatures and the QR code of the public check."""
    made = form.pdf(queries.act(scope(), act_id), query.lang)
    return sent([made], PDF, f"act-{act_id}.pdf")


@api.get("/acts/<act_id>/paper/codes", allow=Permission.ACTS_SEE, query=AnnexQuery, media=PDF)
def act_annex(act_id: str, query: AnnexQuery) -> Response:
    """Every code of an act by its package, as PDF or as a table."""
    act = queries.act(scope(), act_id)
    made = {"pdf": lambda: annex_pdf.write(act, Words(query.lang), form.LINES_ON_FORM), "csv": lambda: annex.csv(act)}
    return sent(made[query.format](), {"pdf": PDF, "csv": CSV}[query.format], f"act-{act_id}-codes.{query.format}")


def sent(pieces: Iterator[bytes] | list[bytes], kind: str, name: str) -> Response:
    """A file made piece by piece: written to a disk first, so that neither memory nor the database waits for a slow
    line."""
    with ExitStack() as unless_sent:
        file = unless_sent.enter_context(tempfile.TemporaryFile())
        for piece in pieces:
            file.write(piece)
        length = file.tell()
        file.seek(0)
        unless_sent.pop_all()
    answer = Response(FileWrapper(file), mimetype=kind, headers={"Content-Length": str(length)})
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
