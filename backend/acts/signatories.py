"""Whose signature counts under an act."""

from backend.acts import goods
from backend.acts.models import Act
from backend.acts.rules import SigningRightMissing
from backend.identity import queries as identity
from backend.organisations.rules import Function
from backend.organisations.signing_right import may_sign
from backend.signatures.verifier import Verified


def require_right(verified: Verified, organisation_id: str, act: Act) -> None:
    """May this signer bind the organisation with an act over these goods? By the certificate of its head or of one
    with the right to sign, or by a recorded power of attorney. Raises SigningRightMissing."""
    signer = verified.signer
    person_id = identity.person_id_of(signer.iin)
    given = {"bin": signer.bin, "groups": goods.groups(act)}
    if person_id is None or not may_sign(person_id, organisation_id, signer.roles, Function.ACTS, **given):
        raise SigningRightMissing()
