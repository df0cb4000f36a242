"""The papers of an act: its print form, the annex with the codes, and the signed package."""

from flask import Response

from backend.acts import evidence_package, queries
from backend.acts.paper import annex, annex_pdf, form
from backend.acts.paper.words import Words
from backend.acts.paper_schemas import AnnexQuery, PaperQuery
from backend.acts.paper_sending import sent
from backend.core.api import Api
from backend.organisations.access import Permission
from backend.organisations.scope import scope

api = Api("act_papers")

PDF, CSV, ZIP = "application/pdf", "text/csv", "application/zip"


@api.get("/acts/<act_id>/paper", allow=Permission.ACTS_SEE, query=PaperQuery, media=PDF)
def act_paper(act_id: str, query: PaperQuery) -> Response:
    """The print form of an act, with its signatures and the QR code of the public check."""
    made = form.pdf(queries.act(scope(), act_id), query.lang)
    return sent(lambda file: file.write(made), PDF, f"act-{act_id}.pdf")


@api.get("/acts/<act_id>/paper/codes", allow=Permission.ACTS_SEE, query=AnnexQuery, media=PDF)
def act_annex(act_id: str, query: AnnexQuery) -> Response:
    """Every code of an act by its package, as PDF or as a table."""
    act = queries.act(scope(), act_id)
    kind, pieces = {
        "pdf": (PDF, annex_pdf.write(act, Words(query.lang), form.LINES_ON_FORM)),
        "csv": (CSV, annex.csv(act)),
    }[query.format]
    return sent(lambda file: file.writelines(pieces), kind, f"act-{act_id}-codes.{query.format}")


@api.get("/acts/<act_id>/package", allow=Permission.ACTS_SEE, media=ZIP)
def act_package(act_id: str) -> Response:
    """All that was signed about an act with what proves it, in one file that anyone can verify."""
    act = queries.act(scope(), act_id)
    return sent(lambda file: evidence_package.write(act, file), ZIP, f"act-{act_id}.zip")
