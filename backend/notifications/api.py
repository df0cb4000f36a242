"""The inbox, the choices of what is told how, and the demo's mailbox."""

from backend.core.api import PUBLIC, Api
from backend.core.paging import PageQuery, page
from backend.notifications import queries
from backend.notifications.schemas import LetterOut, LetterRow, Mailbox

api = Api("notifications")


@api.get("/mailbox", allow=PUBLIC, query=PageQuery, gives=Mailbox, limit="lookup")
def mailbox(query: PageQuery) -> Mailbox:
    """Letters of an installation without a mail server (a demo), newest first; 404 where letters are really sent."""
    rows, cursor = page(queries.mailbox(query.limit, query.after()), query.limit, lambda row: row.id)
    return Mailbox(letters=[LetterRow(**queries.shown(row)) for row in rows], next=cursor)


@api.get("/mailbox/<letter_id>", allow=PUBLIC, gives=LetterOut, limit="lookup")
def letter(letter_id: str) -> LetterOut:
    """One letter of the mailbox as plain text."""
    return LetterOut(**queries.shown(queries.letter(letter_id)))
