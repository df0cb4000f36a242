"""Pure rules of participants: kinds, roles, functions, tax numbers, who may act now."""

from datetime import datetime
from enum import StrEnum

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
