"""Pure rules of registration: who may apply, what is asked, how an application moves, and what may go wrong."""

import hashlib
import hmac
import re
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from backend.core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from backend.organisations.rules import TRADES, Function, Kind
from backend.signatures.rules import Role

APPLICATION_SCHEMA, CONTRACT_SCHEMA = "kz.tanba.application/v1", "kz.tanba.contract/v1"

BOUND = timedelta(days=30)
"""How long a browser stays tied to its application."""
UNCONFIRMED_KEPT = timedelta(days=7)
DRAFT_KEPT = timedelta(days=30)
REFUSED_KEPT = timedelta(days=90)
ANSWERED_WITHIN = timedelta(hours=24)
"""The operator's time to judge an application, by the clock (order 44 of 30.01.2026, п. 12)."""

LONGEST_NAME = 250
TOKEN = re.compile(r"([0-9A-HJKMNP-TV-Z]{26})-([0-9a-f]{32})")

# Whoever registers a firm without being its head gets all that a head could entrust, but for the operator's desk.
ENTRUSTED = tuple(one for one in Function if one is not Function.DESK)


class State(StrEnum):
    """DRAFT is filled in; CHECKING waits for word on a certificate's revocation; UNCONFIRMED for the link in the mail;
    SUBMITTED for the operator."""

    DRAFT = "draft"
    CHECKING = "checking"
    UNCONFIRMED = "unconfirmed"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"


FILLABLE = (State.DRAFT, State.UNCONFIRMED, State.REFUSED)
CLOSED = (State.APPROVED,)


class Purpose(StrEnum):
    """HEAD_CHANGE: the firm has a cabinet, and its new head asks for it."""

    REGISTRATION = "registration"
    HEAD_CHANGE = "head_change"


class ContractState(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    ENDED = "ended"


class RoleInsufficient(Forbidden):
    """A firm is registered by its head or by whoever has the right to sign (S0-06); others are invited."""

    code = "registration.role_insufficient"


class AlreadyIn(Conflict):
    """This person already acts for this participant: there is nothing to register, only to log in."""

    code = "registration.already_in"


class InvitationNeeded(Forbidden):
    """The firm is registered; whoever is not its head comes in by the head's invitation."""

    code = "registration.invitation_needed"


class ApplicationUnknown(NotFound):
    """No such application, or it is another browser's."""

    code = "registration.unknown"


class StateMoved(Conflict):
    """The application is past (or before) this step; `state` says where it is."""

    code = "registration.state_moved"


class FormInvalid(Invalid):
    """`fields` name what is missing or wrong: empty, too_long, kind, trade, declaration_holder, group, email, phone,
    language."""

    code = "registration.form_invalid"


class NotFilled(Conflict):
    code = "registration.not_filled"


class SignaturesIncomplete(Invalid):
    """Every document needs its own signature, once; `fields` name the documents."""

    code = "registration.signatures_incomplete"


class OtherSigner(Forbidden):
    """Signed with the key of another person or another organisation than the application's."""

    code = "registration.other_signer"


class ConfirmationWrong(NotFound):
    """The link belongs to no application that waits: removed, signed anew, or its e-mail was changed."""

    code = "registration.confirmation_wrong"


class OperatorMissing(Unavailable):
    """This installation has no operator yet, so there is nobody to make a contract with."""

    code = "registration.operator_missing"


class AlreadyDecided(Conflict):
    """Somebody at the desk was faster, or the applicant took the application back."""

    code = "registration.already_decided"


class RegisteredMeanwhile(Conflict):
    """Another application for the same BIN or IIN was approved first."""

    code = "registration.registered_meanwhile"


class ReasonsInvalid(Invalid):
    """A refusal needs at least one reason from the list, and words where the list asks for them."""

    code = "registration.reasons_invalid"


class TextUnknown(NotFound):
    code = "registration.text_unknown"


def require_role(roles: Collection[Role], bin: str | None) -> None:
    """May a certificate with these roles register? An individual's registers a sole trader. Raises
    RoleInsufficient."""
    if bin is not None and Role.HEAD not in roles and Role.SIGNATORY not in roles:
        raise RoleInsufficient(roles=sorted(role.name.lower() for role in roles if role is not Role.LEGAL_ENTITY))


def leads(roles: Collection[Role], bin: str | None) -> bool:
    """Whether the certificate says that its holder heads the firm; a sole trader heads himself."""
    return bin is None or Role.HEAD in roles


def masked(iin: str) -> str:
    """What a screen shows of an IIN: the last four digits."""
    return f"********{iin[-4:]}"


def number_of(application_id: str, year: int) -> str:
    """The number of an application and of the contract that it brings."""
    return f"{year}-{application_id[-8:]}"


def wrong_fields(
    *,
    bin: str | None,
    kind: Kind | None,
    trade: Kind | None,
    declaration_holder: str | None,
    groups: Collection[str],
    known_groups: Collection[str],
    names: dict[str, str],
) -> list[dict[str, str]]:
    """What is wrong with what was chosen and typed, as `fields` of FormInvalid."""
    wrong = []
    if (kind is Kind.SOLE_TRADER) != (bin is None) or kind not in (*TRADES, Kind.SOLE_TRADER):
        wrong.append(("kind", "kind"))
    if (kind is Kind.SOLE_TRADER) != (trade is not None) or (trade is not None and trade not in TRADES):
        wrong.append(("trade", "trade"))
    if (Kind.IMPORTER in (kind, trade)) != (declaration_holder is not None):
        wrong.append(("declaration_holder", "declaration_holder"))
    if not groups:
        wrong.append(("groups", "empty"))
    wrong += [(f"groups.{place}", "group") for place, one in enumerate(groups) if one not in known_groups]
    wrong += [(f"names.{language}", "empty") for language, name in names.items() if not name.strip()]
    wrong += [(f"names.{language}", "too_long") for language, name in names.items() if len(name) > LONGEST_NAME]
    return [{"field": field, "code": code} for field, code in wrong]


def same(one: str, other: str) -> bool:
    """Compare secrets without telling how far they agree."""
    return hmac.compare_digest(one.encode(), other.encode())


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
