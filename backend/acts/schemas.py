"""What the routes of acts take and answer."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from backend.acts.attachments_rules import MOST_PHOTOS
from backend.acts.attachments_schemas import AttachmentOut
from backend.acts.correcting import Corrected
from backend.acts.rules import LARGEST_ACT, LARGEST_PRICE, Decision, Kind, Mode, Refusal, Rejection, State
from backend.acts.undone_schemas import UndoneOut
from backend.core.i18n import Names
from backend.core.paging import PageQuery
from backend.signatures.exchange import GivenSignature

Id = Annotated[str, Field(min_length=26, max_length=26)]
Text = Annotated[str, Field(min_length=1, max_length=4096)]
TYPED = r"^[^\x00]*$"
"""No NUL, which PostgreSQL cannot keep: what is given out to be signed can be stored afterwards."""
Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=TYPED)]
Comment = Annotated[str, Field(max_length=1000, pattern=TYPED)]
Mark = Annotated[str, Field(min_length=1, max_length=120, pattern=TYPED)]
Tiyn = Annotated[int, Field(ge=0, le=LARGEST_PRICE)]
ONE_OF = "|".join(State)
Gtin = Annotated[str, Field(pattern="^[0-9A-Z]{14,26}$")]
MOST_PRICES = 20_000
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


def _of_calendar(day: str) -> str:
    date.fromisoformat(day)
    return day


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Paper(Given):
    """A contract, waybill or invoice beside the act."""

    number: str = Field(min_length=1, max_length=60, pattern=TYPED)
    date: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_of_calendar)] | None = None


class Terms(Given):
    contract: Paper | None = None
    waybill: Paper | None = None
    invoice: Paper | None = None
    comment: Comment = ""


class ActIn(Given):
    """The typed part of a draft; what is left out stays as it is. `prices` are tiyn for one unit, by GTIN (by card
    where there is no GTIN). `receiver_tax` is the buyer's BIN or IIN; None takes the buyer out."""

    number: str | None = Field(None, max_length=40, pattern=TYPED)
    kind: Kind | None = None
    receiver_tax: str | None = Field(None, max_length=12)
    receiver_name: str = Field("", max_length=300, pattern=TYPED)
    sender_place_id: str | None = Field(None, max_length=26)
    receiver_place_id: str | None = Field(None, max_length=26)
    original_id: str | None = Field(None, max_length=26)
    transfer_date: Day | None = None
    terms: Terms | None = None
    prices: dict[Gtin, Tiyn] | None = Field(None, max_length=MOST_PRICES)

    def given(self) -> dict[str, object]:
        """Only what was sent; dates, kinds and terms cannot be emptied, so None there means the same as silence."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        if self.terms is not None:
            sent["terms"] = self.terms.model_dump(exclude_none=True)
        fixed = ("number", "kind", "transfer_date", "terms", "prices")
        return {name: value for name, value in sent.items() if value is not None or name not in fixed}


class ActChange(ActIn):
    version: int = Field(ge=1)


class GoodsIn(Given):
    """Codes and SSCCs as they were scanned or typed."""

    codes: list[Text] = Field(min_length=1, max_length=5_000)


class RefusalIn(Given):
    """`photos` are files brought before, by SHA-256; they are signed with the decision."""

    code: Text
    reason: Rejection
    words: str = Field("", max_length=300, pattern=TYPED)
    photos: list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = Field(default_factory=list, max_length=MOST_PHOTOS)


class DecisionIn(Given):
    mode: Mode
    rejected: list[RefusalIn] = Field(default_factory=list, max_length=LARGEST_ACT)
    extra: list[Mark] = Field(default_factory=list, max_length=5_000)
    sampled: int = Field(0, ge=0, le=LARGEST_ACT)
    all_rejected: bool = False
    place_id: str | None = Field(None, max_length=26)
    reason: Rejection | None = Field(None, description="Why all is rejected at once; signed with the decision")
    words: str = Field("", max_length=300, pattern=TYPED)

    def rejects(self, units: int) -> int:
        """How many of the act's units are not taken."""
        return units if self.all_rejected else len(self.rejected)

    def decision(self) -> Decision:
        return Decision(
            mode=self.mode,
            rejected=tuple(Refusal(one.code, one.reason, one.words, tuple(one.photos)) for one in self.rejected),
            extra=tuple(self.extra),
            sampled=self.sampled,
            all_rejected=self.all_rejected,
            place_id=self.place_id,
            reason=self.reason,
            words=self.words,
        )


class SendIn(Given):
    signatures: list[GivenSignature] = Field(min_length=1, max_length=1)


class DecideIn(Given):
    decision: DecisionIn
    signatures: list[GivenSignature] = Field(min_length=1, max_length=1)


class RemarkIn(Given):
    text: Words


class CorrectionNamed(Given):
    """Which proposal is meant, as it was shown: another one may have taken its place."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$", examples=["0" * 64])


class CorrectionRefusal(CorrectionNamed):
    text: Words


class CancelIn(Given):
    text: Comment = ""


class AnnulmentIn(Given):
    text: Words
    signatures: list[GivenSignature] = Field(min_length=1, max_length=1)


class ChangesIn(Given):
    """What a correction changes; what is left out stays. `terms` are given whole; a price of null goes."""

    transfer_date: Day | None = None
    terms: Terms | None = None
    prices: dict[Gtin, Tiyn | None] = Field(default_factory=dict, max_length=MOST_PRICES)

    def given(self) -> dict[str, object]:
        said: dict[str, object] = {"prices": self.prices}
        if self.transfer_date is not None:
            said["transfer_date"] = self.transfer_date
        if self.terms is not None:
            said["terms"] = self.terms.model_dump(exclude_none=True)
        return said


class CorrectIn(Given):
    changes: ChangesIn
    reason: Comment = ""
    signatures: list[GivenSignature] = Field(min_length=1, max_length=1)


EARLIEST_DAY, LATEST_DAY = date(2000, 1, 1), date(2100, 1, 1)
DAYS = "Day of sending, in Kazakhstan; of a draft, its day of transfer. Both ends count."


class ActsQuery(PageQuery):
    box: Literal["in", "out", "all"] = "all"
    state: str | None = Field(None, pattern=f"^({ONE_OF})(,({ONE_OF}))*$", description="Several, with commas between")
    q: str | None = Field(None, max_length=100, description="Number, name of the other side, or its BIN or IIN")
    since: date | None = Field(None, alias="from", ge=EARLIEST_DAY, le=LATEST_DAY, description=DAYS)
    until: date | None = Field(None, alias="to", ge=EARLIEST_DAY, le=LATEST_DAY, description=DAYS)

    def text(self) -> str | None:
        return (self.q or "").strip() or None

    def states(self) -> list[State]:
        return [State(one) for one in self.state.split(",")] if self.state else []


class PartyOut(BaseModel):
    id: str | None
    tax_number: str | None
    name: str
    names: Names | None = Field(description="Of a registered party; another is called as it was typed")


class LineOut(BaseModel):
    card_id: str
    gtin: str | None
    names: Names
    attributes: dict[str, object]
    units: int
    price: int | None


class RemarkOut(BaseModel):
    kind: str
    text: str
    at: datetime
    ours: bool


class RefusedOut(BaseModel):
    """`photos` are ids of files that both sides may read."""

    code: str
    reason: Rejection
    words: str
    photos: list[str]


class RefusalOut(BaseModel):
    """Why all was rejected at once."""

    reason: Rejection
    words: str


class ChangeOut(BaseModel):
    """One thing that a correction changes. Dates and comments are text, prices tiyn for one unit of `goods` (GTIN, or
    card where there is none), papers their number and date; None where nothing stood or shall stand."""

    what: Literal["transfer_date", "contract", "waybill", "invoice", "comment", "price"]
    goods: str | None
    before: str | int | Paper | None
    after: str | int | Paper | None


class CorrectionOut(BaseModel):
    """`sha256` is of the bytes that the sender signed; `reason` is the sender's, or the receiver's who refused."""

    state: Corrected
    changes: list[ChangeOut]
    reason: str
    made_at: datetime
    ended_at: datetime | None
    sha256: str


class ActRow(BaseModel):
    """An act in a list. `ours` is the side of the asking organisation."""

    id: str
    number: str
    kind: Kind
    state: State
    ours: Literal["sender", "receiver", "both", "none"]
    sender: PartyOut
    receiver: PartyOut
    units: int
    transfer_date: date
    changed_at: datetime
    sent_at: datetime | None
    due_at: datetime | None


class ActList(BaseModel):
    acts: list[ActRow]
    next: str | None


class ActOut(ActRow):
    """`late`: sent, or about to be, after the day of sale (S0-27). `total` in tiyn; `sha256` of the signed bytes;
    `sampled` units were scanned where a sample stands for the rest."""

    version: int
    sender_place_id: str | None
    receiver_place_id: str | None
    original_id: str | None
    terms: Terms
    lines: list[LineOut]
    total: int
    packages: list[str]
    late: bool
    mode: Mode | None
    sampled: int | None
    viewed_at: datetime | None
    decided_at: datetime | None
    sha256: str | None
    rejected: list[RefusedOut]
    extra: list[str]
    remarks: list[RemarkOut]
    attachments: list[AttachmentOut]
    annulment_asked_by_us: bool
    refusal: RefusalOut | None
    corrections: list[CorrectionOut]
    resent_from: str | None
    undone: UndoneOut | None


class PutOut(BaseModel):
    text: str
    status: Literal["added", "already", "refused"]
    code: str | None
    reason: str | None
    package: str | None


class GoodsOut(BaseModel):
    """What became of each text, and the act's count afterwards."""

    version: int
    units: int
    results: list[PutOut]


class UnitsQuery(PageQuery):
    """Many at once, because a phone loads all of them before it goes into a cellar."""

    limit: int = Field(500, ge=1, le=5_000)
    loose: bool = Field(False, description="Only the units that lie in no package")


class UnitOut(BaseModel):
    """`packages` are those around the unit, the innermost first; `package` is the first of them."""

    code: str
    card_id: str | None
    package: str | None
    packages: list[str]


class UnitList(BaseModel):
    units: list[UnitOut]
    next: str | None


class MadeOut(BaseModel):
    """A new draft, and how many units of the earlier act could not go into it."""

    act: ActOut
    left_out: int


class ActInviteIn(Given):
    email: str = Field(max_length=254)
    language: Literal["kk", "ru", "en"] = "kk"


class ActInvitationOut(BaseModel):
    """`qr` has one string of "0" and "1" a row; `until` is when the act expires."""

    link: str
    qr: list[str]
    letters_left: int
    mailed_at: datetime | None
    opened_at: datetime | None
    until: datetime | None


class InvitedIn(Given):
    token: str = Field(min_length=1, max_length=80)


class InvitedOut(BaseModel):
    """`standing`: the act waits for its buyer to register, was joined, or is over. `products` counts kinds of goods."""

    standing: Literal["waiting", "joined", "over"]
    number: str
    sender: Names
    sender_tax_number: str
    receiver: str
    receiver_tax_number: str
    units: int
    packages: int
    products: int
    sent_at: datetime | None
    due_at: datetime | None
    test: bool


class Discarded(BaseModel):
    id: str
