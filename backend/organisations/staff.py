"""The staff («Мекемелік-штаттық құрылым», S4-30 … S4-32): who among them may change whom, and how.

Nobody changes their own rights, nobody grants what they do not hold, and nobody but a head touches a head.
"""

from collections.abc import Sequence

from sqlalchemy import select

from backend.core import clock, queue
from backend.core.actor import Actor
from backend.core.db import db
from backend.core.errors import NotAllowed
from backend.history import service as history
from backend.identity import api_keys
from backend.identity import service as identity
from backend.organisations import access, queries, service
from backend.organisations.models import Membership, Organisation
from backend.organisations.rules import (
    ChangedMeanwhile,
    Function,
    HeadOnly,
    HeadUnbounded,
    LastHead,
    OwnMembership,
    Role,
    Terms,
    require_grant,
    require_places,
    require_standing,
    require_term,
)


def grantor(actor: Actor) -> Membership:
    """The actor's own place among the staff, as it is now and until this transaction ends: two heads who block each
    other at one moment must not leave an organisation without a head. Raises NotAllowed and why one no longer
    stands."""
    db.session.execute(select(Organisation.id).where(Organisation.id == actor.organisation_id).with_for_update())
    db.session.expire_all()
    own = queries.membership_of(actor.organisation_id, actor.person_id)
    if own is None:
        raise NotAllowed(permission="staff:manage")
    require_standing(False, own.blocked_at, own.valid_until, clock.now())
    return own


def require_head(actor: Actor) -> Membership:
    """Raises HeadOnly."""
    own = grantor(actor)
    if own.role is not Role.HEAD:
        raise HeadOnly()
    return own


def may_grant(own: Membership) -> list[Function]:
    return access.grantable(queries.organisation(own.organisation_id), access.permissions_held(own))


def require_terms(own: Membership, terms: Terms, held: Sequence[str] = (), at: Sequence[str] | None = None) -> None:
    """May this member entrust these terms to somebody who already has the functions `held`, at the places `at`? Raises
    GrantExceeds, TermExceeds, TermPast, PlaceUnknown and PlaceOfOthers."""
    added = [one for one in terms.functions if one.value not in held]
    require_grant(added, may_grant(own))
    require_term(terms.valid_until, own.valid_until, clock.now())
    for place_id in terms.place_ids:
        queries.place(own.organisation_id, place_id)
    if own.role is not Role.HEAD and (at is None or set(terms.place_ids) != set(at)):
        require_places(terms.place_ids, own.place_ids)


def change(actor: Actor, membership_id: str, terms: Terms, version: int) -> None:
    """Set what a member is entrusted with (S4-31, S4-32). A head holds everything for good; only title and places of a
    head are set.

    Raises MemberUnknown, OwnMembership, HeadOnly, HeadUnbounded, ChangedMeanwhile, GrantExceeds, TermExceeds, TermPast.
    """
    own, member = _reach(actor, membership_id)
    if member.version != version:
        raise ChangedMeanwhile(version=member.version)
    if member.role is Role.HEAD and (terms.functions or terms.valid_until):
        raise HeadUnbounded()
    before = _entrusted(member)
    if member.role is not Role.HEAD:
        require_terms(own, terms, member.functions, member.place_ids)
    member.functions = [one.value for one in terms.functions]
    member.valid_until, member.title, member.place_ids = terms.valid_until, terms.title, list(terms.place_ids)
    member.version += 1
    fact = history.record(
        "member:changed",
        subject=("membership", member.id),
        organisation_id=member.organisation_id,
        actor=actor,
        before=before,
        after=_entrusted(member),
    )
    queue.after_commit("notifications.on_fact", fact)


def block(actor: Actor, membership_id: str) -> None:
    """Take the right to act away at once, with every session. Raises MemberUnknown, LastHead, OwnMembership,
    HeadOnly."""
    _, member = _reach(actor, membership_id)
    if member.blocked_at is None:
        service.block_member(member.organisation_id, member.id, actor=actor)


def restore(actor: Actor, membership_id: str) -> None:
    """Give a blocked member the right to act back, by somebody who could grant it anew. Raises MemberUnknown,
    OwnMembership, HeadOnly, GrantExceeds."""
    own, member = _reach(actor, membership_id)
    require_grant(map(Function, member.functions), may_grant(own))
    if member.blocked_at is not None:
        service.unblock_member(member.organisation_id, member.id, actor=actor)


def remove(actor: Actor, membership_id: str) -> None:
    """Take a member off the staff. What they did stays in the history, and an invitation brings them back. Raises
    MemberUnknown, LastHead, OwnMembership, HeadOnly."""
    _, member = _reach(actor, membership_id)
    member.removed_at = clock.now()
    ended = identity.revoke_all(member.person_id, member.organisation_id)
    api_keys.orphan(member.person_id, member.organisation_id)
    fact = history.record(
        "member:removed",
        subject=("membership", member.id),
        organisation_id=member.organisation_id,
        actor=actor,
        before=_entrusted(member),
        detail={"sessions_ended": ended, "person": member.person_id},
    )
    queue.after_commit("notifications.on_fact", fact)


def _reach(actor: Actor, membership_id: str) -> tuple[Membership, Membership]:
    """The actor and the member whom the actor may change."""
    own = grantor(actor)
    member = queries.member(actor.organisation_id, membership_id)
    if member.role is Role.HEAD and own.role is not Role.HEAD:
        raise HeadOnly()
    if member.id == own.id:
        raise LastHead() if [one.id for one in queries.heads(own.organisation_id)] == [own.id] else OwnMembership()
    return own, member


def _entrusted(member: Membership) -> dict[str, object]:
    return {
        "functions": list(member.functions),
        "valid_until": member.valid_until.isoformat() if member.valid_until else None,
        "title": member.title,
        "places": list(member.place_ids),
    }
