"""Of what people are told, who is told, and how, unless they choose otherwise. One table; documents add rows.

Pure: permissions are named as in organisations/access.py, words are in templates/kinds.*.json and in the app's
notifications.json.
"""

from dataclasses import dataclass
from enum import StrEnum


class Mail(StrEnum):
    AT_ONCE = "at_once"
    DIGEST = "digest"
    NONE = "none"


class Audience(StrEnum):
    """HOLDERS have the kind's permission in the organisation of the fact, DESK have it at the operator's, HEAD leads
    that organisation, MEMBER is the one whose membership changed, TRUSTED are those whom a power of attorney names,
    OTHER have the permission at the fact's other party, BOTH at either, PERSON is named by the fact, SELF did it."""

    HOLDERS = "holders"
    DESK = "desk"
    HEAD = "head"
    MEMBER = "member"
    TRUSTED = "trusted"
    OTHER = "other"
    BOTH = "both"
    PERSON = "person"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Kind:
    """`to` with `permission` says who; `push` and `mail` are the defaults; a `mandatory` kind cannot be silenced by
    mail. `{subject}` in a link is the id of what the fact is about. `letter` is the template of mail at once. A
    `personal` kind is shown whatever organisation one acts for."""

    to: Audience
    link: str
    permission: str = ""
    push: bool = True
    mail: Mail = Mail.DIGEST
    mandatory: bool = False
    urgent: bool = False
    personal: bool = False
    letter: str = "notification"


ACT = "/acts/{subject}"

KINDS: dict[str, Kind] = {
    "registration_submitted": Kind(Audience.DESK, "/desk", permission="registrations:review", urgent=True),
    "invitation_accepted": Kind(Audience.HEAD, "/organisation"),
    "member_blocked": Kind(Audience.MEMBER, "/account", mail=Mail.AT_ONCE, personal=True),
    "member_unblocked": Kind(Audience.MEMBER, "/account", personal=True),
    "member_removed": Kind(Audience.MEMBER, "/account", mail=Mail.AT_ONCE, personal=True),
    "functions_changed": Kind(Audience.MEMBER, "/account"),
    "head_changed": Kind(Audience.HOLDERS, "/organisation", permission="staff:manage", mail=Mail.AT_ONCE, urgent=True),
    "power_given": Kind(Audience.TRUSTED, "/organisation", permission="staff:manage"),
    "power_withdrawn": Kind(Audience.TRUSTED, "/organisation", permission="staff:manage"),
    "power_ends": Kind(Audience.HOLDERS, "/organisation", permission="staff:manage"),
    "new_device": Kind(
        Audience.SELF, "/account", mail=Mail.AT_ONCE, mandatory=True, urgent=True, personal=True, letter="new_device"
    ),
    "passkey_enrolled": Kind(Audience.SELF, "/account", mail=Mail.AT_ONCE, mandatory=True, urgent=True, personal=True),
    "passkey_ended": Kind(Audience.PERSON, "/account", personal=True),
    "certificate_expires": Kind(Audience.SELF, "/account", mail=Mail.AT_ONCE, personal=True),
    "api_key_made": Kind(Audience.HOLDERS, "/integrations", permission="integrations:manage"),
    "api_key_orphaned": Kind(Audience.HOLDERS, "/integrations", permission="integrations:manage"),
    "api_key_expires": Kind(Audience.HOLDERS, "/integrations", permission="integrations:manage", mail=Mail.AT_ONCE),
    "webhook_failing": Kind(
        Audience.HOLDERS, "/integrations/webhooks", permission="integrations:manage", mail=Mail.AT_ONCE
    ),
    "act_received": Kind(Audience.OTHER, ACT, permission="acts:see", mail=Mail.AT_ONCE, urgent=True),
    "act_accepted": Kind(Audience.OTHER, ACT, permission="acts:see"),
    "act_partly_accepted": Kind(Audience.OTHER, ACT, permission="acts:see", mail=Mail.AT_ONCE, urgent=True),
    "act_rejected": Kind(Audience.OTHER, ACT, permission="acts:see", mail=Mail.AT_ONCE, urgent=True),
    "act_cancelled": Kind(Audience.OTHER, ACT, permission="acts:see", urgent=True),
    "act_expired": Kind(Audience.HOLDERS, ACT, permission="acts:see", mail=Mail.AT_ONCE),
    "act_reminder": Kind(Audience.OTHER, ACT, permission="acts:see", mail=Mail.AT_ONCE),
    "act_question": Kind(Audience.OTHER, ACT, permission="acts:see", urgent=True),
    "act_answer": Kind(Audience.OTHER, ACT, permission="acts:see", urgent=True),
    "act_annulment_asked": Kind(Audience.OTHER, ACT, permission="acts:see", mail=Mail.AT_ONCE),
    "act_annulled": Kind(Audience.OTHER, ACT, permission="acts:see", mail=Mail.AT_ONCE),
    "act_annulment_refused": Kind(Audience.OTHER, ACT, permission="acts:see"),
    "act_signature_refused": Kind(Audience.HOLDERS, ACT, permission="acts:see", mail=Mail.AT_ONCE, urgent=True),
    "act_decision_dropped": Kind(Audience.BOTH, ACT, permission="acts:see", mail=Mail.AT_ONCE, urgent=True),
    "act_corrected": Kind(Audience.OTHER, ACT, permission="acts:see", urgent=True),
    "act_correction_asked": Kind(Audience.OTHER, ACT, permission="acts:see", mail=Mail.AT_ONCE),
    "act_correction_agreed": Kind(Audience.OTHER, ACT, permission="acts:see"),
    "act_correction_refused": Kind(Audience.OTHER, ACT, permission="acts:see"),
    "act_correction_withdrawn": Kind(Audience.OTHER, ACT, permission="acts:see"),
    "act_invitation_opened": Kind(Audience.HOLDERS, ACT, permission="acts:see", mail=Mail.NONE),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A kind that a fact causes. `params` maps a word's value to where it is found: `organisation` (names), `member`
    or `actor` (a person's name), `device` (in words where it did not say what it is), `at`, or a path into the fact
    such as `detail.number`."""

    kind: str
    params: dict[str, str]


OF_ACT = {"organisation": "organisation", "number": "detail.number"}

TELLINGS: dict[str, Telling] = {
    "registration:submitted": Telling("registration_submitted", {}),
    "invitation:accepted": Telling("invitation_accepted", {"person": "actor"}),
    "member:blocked": Telling("member_blocked", {"organisation": "organisation"}),
    "member:unblocked": Telling("member_unblocked", {"organisation": "organisation"}),
    "member:removed": Telling("member_removed", {"organisation": "organisation"}),
    "member:changed": Telling("functions_changed", {"organisation": "organisation"}),
    "organisation:head_changed": Telling("head_changed", {"organisation": "organisation"}),
    "power:given": Telling("power_given", {"organisation": "organisation"}),
    "power:confirmed": Telling("power_given", {"organisation": "organisation"}),
    "power:suspended": Telling("power_withdrawn", {"organisation": "organisation"}),
    "power:revoked": Telling("power_withdrawn", {"organisation": "organisation"}),
    "session:new_device": Telling("new_device", {"device": "device", "at": "at"}),
    "passkey:enrolled": Telling("passkey_enrolled", {"organisation": "organisation", "at": "at"}),
    "passkey:ended": Telling("passkey_ended", {"organisation": "organisation"}),
    "api_key:created": Telling("api_key_made", {"person": "actor"}),
    "api_key:maker_left": Telling("api_key_orphaned", {}),
    "webhook:failing": Telling("webhook_failing", {}),
    "act:send": Telling("act_received", OF_ACT | {"units": "detail.units"}),
    "act:settle": Telling("act_received", OF_ACT | {"units": "detail.units"}),
    "act:join": Telling("act_received", OF_ACT | {"units": "detail.units"}),
    "act:accept": Telling("act_accepted", OF_ACT),
    "act:accept_partly": Telling("act_partly_accepted", OF_ACT),
    "act:reject": Telling("act_rejected", OF_ACT),
    "act:cancel": Telling("act_cancelled", OF_ACT),
    "act:expire": Telling("act_expired", {"number": "detail.number"}),
    "act:reminded": Telling("act_reminder", {"number": "detail.number", "days": "detail.working_days"}),
    "act:clarify": Telling("act_question", OF_ACT),
    "act:answer": Telling("act_answer", OF_ACT),
    "act:request_annulment": Telling("act_annulment_asked", OF_ACT),
    "act:annul": Telling("act_annulled", OF_ACT),
    "act:refuse_annulment": Telling("act_annulment_refused", OF_ACT),
    "act:discard": Telling("act_signature_refused", {"number": "detail.number"}),
    "act:drop": Telling("act_decision_dropped", {"number": "detail.number"}),
    "act:correct": Telling("act_corrected", OF_ACT),
    "act:propose_correction": Telling("act_correction_asked", OF_ACT),
    "act:agree_correction": Telling("act_correction_agreed", OF_ACT),
    "act:refuse_correction": Telling("act_correction_refused", OF_ACT),
    "act:withdraw_correction": Telling("act_correction_withdrawn", OF_ACT),
    "act:invitation_opened": Telling("act_invitation_opened", {"number": "detail.number"}),
}

# A fact that is answered by a letter to an address that is nobody's yet.
EMAIL_ASKED = "person:email_asked"

# What integrators can ask to be told of: public name → kinds of facts. Names are stable from the first release.
EVENTS: dict[str, tuple[str, ...]] = {
    "member.added": ("member:added",),
    "member.changed": ("member:changed",),
    "member.removed": ("member:removed",),
    "member.blocked": ("member:blocked",),
    "member.unblocked": ("member:unblocked",),
    "registration.approved": ("registration:approved",),
    "power.given": ("power:given", "power:confirmed"),
    "power.withdrawn": ("power:suspended", "power:revoked"),
    "organisation.head_changed": ("organisation:head_changed",),
    "organisation.blocked": ("organisation:blocked",),
    "organisation.unblocked": ("organisation:unblocked",),
    "act.received": ("act:send", "act:settle", "act:join"),
    "act.accepted": ("act:accept",),
    "act.partly_accepted": ("act:accept_partly",),
    "act.rejected": ("act:reject",),
    "act.cancelled": ("act:cancel",),
    "act.expired": ("act:expire",),
    "act.annulled": ("act:annul",),
    "act.corrected": ("act:correct", "act:agree_correction"),
    "card.published": ("card:published",),
    "codes.emitted": ("codes:emit",),
    "code.moved": tuple(
        f"codes:{one}"
        for one in (
            *("receive", "annul_unused", "cancel", "apply", "introduce_production", "introduce_import"),
            *("reject_at_customs", "clear_at_customs", "accept_eaeu", "introduce_remains", "introduce_remarked"),
            *("replace_remarked", "send", "confirm", "release", "give_back", "sell", "withdraw", "write_off", "return"),
            *("cancel_withdrawal", "aggregate", "disaggregate", "block", "unblock", "recall", "lift_recall", "lose"),
        )
    ),
}
PING = "ping"

# A fact between two organisations belongs to the one that acted; the value of this name in its detail is the other.
OTHER = "other"
# Where it happens: places by organisation. Whoever works at others is not told.
AT = "at"

EVENT_OF: dict[str, str] = {fact: event for event, facts in EVENTS.items() for fact in facts}
LOOKED_AT: frozenset[str] = frozenset(TELLINGS) | frozenset(EVENT_OF) | {EMAIL_ASKED}
