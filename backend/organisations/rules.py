"""Pure rules of participants: kinds, roles, functions, tax numbers, who may act now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from backend.core.clock import ALMATY
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound

FIRST_PASS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_PASS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


class Kind(StrEnum):
    OPERATOR = "operator"
    PRODUCER = "producer"
    IMPORTER = "importer"
    WHOLESALER = "wholesaler"
    RETAIL = "retail"
    SOLE_TRADER = "sole_trader"


TRADES = (Kind.PRODUCER, Kind.IMPORTER, Kind.WHOLESALER, Kind.RETAIL)
"""What a participant does with goods; a sole trader does one of these."""


class DeclarationHolder(StrEnum):
    """As what an importer holds the customs declaration (S0-39 … S0-42)."""

    CARRIER = "carrier"
    WHOLESALER = "wholesaler"
    RETAILER = "retailer"


class Role(StrEnum):
    HEAD = "head"
    EMPLOYEE = "employee"


class Function(StrEnum):
    """What a head can entrust to an employee (S4-31)."""

    CATALOGUE = "catalogue"
    EMISSION = "emission"
    LABELS = "labels"
    MOVEMENT = "movement"
    KEYS = "keys"
    STAFF = "staff"
    PROFILE = "profile"
    AUDIT = "audit"
    INTEGRATIONS = "integrations"
    DESK = "desk"
    ACTS = "acts"


class PlaceKind(StrEnum):
    OFFICE = "office"
    PRODUCTION = "production"
    WAREHOUSE = "warehouse"
    SHOP = "shop"
    CUSTOMS_WAREHOUSE = "customs_warehouse"
    BRANCH = "branch"
    REPRESENTATIVE_OFFICE = "representative_office"


@dataclass(frozen=True, slots=True)
class PlaceTyped:
    """A place as typed: `names` {"kk", "ru", "en"}, `address` {"region", "locality", "line", "postcode"}; `bin` only
    a branch or a representative office has."""

    kind: PlaceKind
    names: dict[str, str]
    address: dict[str, str]
    main: bool
    gln: str | None
    bin: str | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a member is entrusted with: functions, until when (None: no end), as whom, at which places (none: all)."""

    functions: Sequence[Function]
    valid_until: datetime | None
    title: str
    place_ids: Sequence[str]


class TaxNumberInvalid(Invalid):
    """A typed BIN or IIN that is not 12 digits with a true check digit."""

    code = "organisations.tax_number_invalid"


class AlreadyRegistered(Conflict):
    code = "organisations.already_registered"


class AlreadyMember(Conflict):
    code = "organisations.already_member"


class OrganisationUnknown(NotFound):
    code = "organisations.unknown"


class MemberUnknown(NotFound):
    code = "organisations.member_unknown"


class NotMember(Forbidden):
    """The certificate is good, but nobody here has let this person act for that organisation."""

    code = "organisations.not_member"


class OrganisationBlocked(Forbidden):
    code = "organisations.blocked"


class MembershipBlocked(Forbidden):
    code = "organisations.membership_blocked"


class MembershipEnded(Forbidden):
    code = "organisations.membership_ended"


class Choose(Conflict):
    """The person may act for several organisations; `choices` is [{"id", "names"}], and log-in takes one's id."""

    code = "organisations.choose"


class ChangedMeanwhile(Conflict):
    """Somebody saved another version since this one was read; `version` is the present one."""

    code = "organisations.changed_meanwhile"


class PlaceUnknown(NotFound):
    code = "organisations.place_unknown"


class PlaceOfOthers(Forbidden):
    """The work of whoever asks is tied to other places."""

    code = "organisations.place_of_others"


class PlaceIsBlocked(Conflict):
    """A blocked place cannot become the main one."""

    code = "organisations.place_is_blocked"


class GlnInvalid(Invalid):
    """A typed GLN that is not 13 digits with a true check digit."""

    code = "organisations.gln_invalid"


class PlaceIsMain(Conflict):
    """There is always one main place: make another the main one first."""

    code = "organisations.place_is_main"


class InvitationUnknown(NotFound):
    code = "organisations.invitation_unknown"


class InvitationEnded(Conflict):
    """Accepted, cancelled, suspended by a change of head, out of date, or its giver may no longer grant it."""

    code = "organisations.invitation_ended"


class InvitationOfAnother(Forbidden):
    """The invitation names another person, by IIN."""

    code = "organisations.invitation_of_another"


class CertificateOfAnother(Forbidden):
    """The certificate speaks for another organisation than the one whose document this is."""

    code = "organisations.certificate_of_another"


class GrantExceeds(Forbidden):
    """Nobody grants what they do not hold; `functions` are those that exceed."""

    code = "organisations.grant_exceeds"


class TermExceeds(Forbidden):
    """Nobody grants for longer than their own term."""

    code = "organisations.term_exceeds"


class TermPast(Invalid):
    """A term that is over before it begins."""

    code = "organisations.term_past"


class OwnMembership(Forbidden):
    """Nobody changes their own rights."""

    code = "organisations.own_membership"


class HeadOnly(Forbidden):
    """Reserved to the head."""

    code = "organisations.head_only"


class HeadUnbounded(Invalid):
    """The head holds every function without a term; neither can be set."""

    code = "organisations.head_unbounded"


class LastHead(Conflict):
    """Somebody must answer for the organisation: the last head is replaced, never removed or blocked."""

    code = "organisations.last_head"


class HeadCertificateNeeded(Forbidden):
    """Signed with another certificate than the head's own for this organisation."""

    code = "organisations.head_certificate_needed"


class PowerUnknown(NotFound):
    code = "organisations.power_unknown"


class PowerEnded(Conflict):
    """In this state the power of attorney cannot be changed so."""

    code = "organisations.power_ended"


class PowerTerm(Invalid):
    """The last day lies in the past, before the first, or more than three years after it (Civil Code, article 168)."""

    code = "organisations.power_term"


class PowerToSelf(Invalid):
    code = "organisations.power_to_self"


class AuditTooLong(Invalid):
    """More facts than one export carries; `count` and `limit` say by how much."""

    code = "organisations.audit_too_long"


def tax_number_valid(number: str) -> bool:
    """Whether this is a BIN or an IIN: 12 digits, the last one a check digit (decree 406 of 22.05.2007).

    Dates and types inside are not judged: since 2013 an IIN need not follow the birth date. Only for what people
    type; the number in a trusted certificate is taken as it stands.
    """
    if len(number) != 12 or not number.isascii() or not number.isdecimal():
        return False
    digits = [int(digit) for digit in number]
    for weights in (FIRST_PASS, SECOND_PASS):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if rest < 10:
            return rest == digits[11]
    return False


def is_iin(number: str) -> bool:
    """The fifth digit tells a person's number (0–3, a day of a month) from an organisation's (4–6)."""
    return number[4] in "0123"


def require_standing(
    blocked_organisation: bool, blocked_at: datetime | None, valid_until: datetime | None, now: datetime
) -> None:
    """May this member act at this moment? Raises OrganisationBlocked, MembershipBlocked or MembershipEnded."""
    if blocked_organisation:
        raise OrganisationBlocked()
    if blocked_at is not None:
        raise MembershipBlocked()
    if valid_until is not None and valid_until <= now:
        raise MembershipEnded()


def stands(
    blocked_organisation: bool, blocked_at: datetime | None, valid_until: datetime | None, now: datetime
) -> bool:
    """The same as a yes or no."""
    return not blocked_organisation and blocked_at is None and (valid_until is None or valid_until > now)


def require_grant(granted: Iterable[Function], may_grant: Iterable[Function]) -> None:
    """Raises GrantExceeds."""
    if exceeding := sorted(set(granted) - set(may_grant)):
        raise GrantExceeds(functions=[one.value for one in exceeding])


def require_places(given: Collection[str], held: Collection[str]) -> None:
    """Whoever is tied to places entrusts no others; naming none would mean all of them. Raises PlaceOfOthers."""
    if held and not (given and set(given) <= set(held)):
        raise PlaceOfOthers()


def require_term(until: datetime | None, own_until: datetime | None, now: datetime) -> None:
    """A term that begins now: in the future, and within the grantor's own. Raises TermPast or TermExceeds."""
    if until is not None and until <= now:
        raise TermPast(fields=[{"field": "valid_until", "code": "past"}])
    if own_until is not None and (until is None or until > own_until):
        raise TermExceeds(fields=[{"field": "valid_until", "code": "exceeds"}], until=own_until.isoformat())


def require_power_term(first: date, last: date, today: date) -> None:
    """Raises PowerTerm."""
    if last < first or last < today or last > three_years_after(first):
        raise PowerTerm(fields=[{"field": "valid_until", "code": "term"}])


def three_years_after(day: date) -> date:
    """The longest that a power of attorney may run."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 3, day=28 if leap else day.day)


def end_of(day: date) -> datetime:
    """The moment when a last day is over, in Kazakhstan."""
    return datetime.combine(day + timedelta(days=1), time(), ALMATY)


def last_day(end: datetime | None) -> date | None:
    """The day that a term runs through; None for no end."""
    return (end - timedelta(microseconds=1)).astimezone(ALMATY).date() if end else None
