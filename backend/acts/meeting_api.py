"""The handshake of two phones, and whom an act may be addressed to."""

from backend.acts import meeting, views
from backend.acts.meeting_schemas import (
    CounterpartyList,
    CounterpartyOut,
    MetOut,
    MineOut,
    MineQuery,
    NewsOut,
    NewsQuery,
    OwnOut,
    PlaceNamed,
    QrOut,
    ScannedIn,
    TokenIn,
)
from backend.core import clock
from backend.core.actor import current_actor
from backend.core.api import Api
from backend.core.i18n import Names
from backend.core.symbols import qr
from backend.organisations import queries as organisations
from backend.organisations.access import Permission

api = Api("meetings")

SEE, SIGN = Permission.ACTS_SEE, Permission.ACTS_SIGN


@api.get("/meetings/mine", allow=SIGN, query=MineQuery, gives=MineOut)
def my_code(query: MineQuery) -> MineOut:
    """The code that a buyer shows: whoever scans it within ten minutes knows to whom, and to which place."""
    own = organisations.organisation(current_actor().organisation_id)
    token, met = meeting.begin(own, query.place_id)
    return MineOut(token=token, code=_code(token), expires_at=met.until, standing=_code(own.bin))


@api.post("/meetings/read", allow=SIGN, takes=TokenIn, gives=MetOut, writes=False)
def read_code(body: TokenIn) -> MetOut:
    """Who stands behind a buyer's code."""
    organisation, place = meeting.read(body.token)
    named = PlaceNamed(id=place.id, names=Names(**place.names)) if place else None
    return MetOut(tax_number=organisation.bin, names=Names(**organisation.names), place=named)


@api.get("/meetings/news", allow=SEE, query=NewsQuery, gives=NewsOut)
def came_just_now(query: NewsQuery) -> NewsOut:
    """What has come since an instant. Cheap: a screen that waits for an act asks every two seconds."""
    now, own = clock.now(), current_actor().organisation_id
    return NewsOut(acts=views.rows(meeting.news(own, query.since or now), own), now=now)


@api.post("/acts/own-goods", allow=SIGN, takes=ScannedIn, gives=OwnOut, writes=False)
def which_are_own(body: ScannedIn) -> OwnOut:
    """Which of the things scanned are one's own: then an act may begin with them."""
    return OwnOut(own=meeting.owns(current_actor().organisation_id, body.codes))


@api.get("/counterparties", allow=SEE, gives=CounterpartyList)
def list_counterparties() -> CounterpartyList:
    """Those whom acts were sent to last, the last first."""
    found = meeting.recent(current_actor().organisation_id)
    return CounterpartyList(counterparties=[CounterpartyOut(**one._asdict()) for one in found])


@api.get("/counterparties/<tax_number>", allow=SIGN, gives=CounterpartyOut, limit="lookup")
def show_counterparty(tax_number: str) -> CounterpartyOut:
    """Who is registered under a BIN or IIN."""
    found = organisations.by_tax_number(tax_number)
    return CounterpartyOut(tax_number=found.bin, names=Names(**found.names), typed="")


def _code(last: str) -> QrOut:
    text = meeting.address(last)
    symbol = qr(text)
    rows = ["".join("01"[symbol.dark(x, y)] for x in range(symbol.width)) for y in range(symbol.height)]
    return QrOut(text=text, qr=rows)
