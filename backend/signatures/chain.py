"""The path from a signer's certificate to a pinned anchor (RFC 5280 §6, as far as this profile goes)."""

from collections.abc import Iterable
from datetime import datetime

from backend.signatures import certificates
from backend.signatures.certificates import Certificate
from backend.signatures.rules import AlgorithmUnsupported, CertificateExpired, CertificateUntrusted, KeyWeak
from backend.signatures.trust import Trust

DEEPEST = 4


def build(leaf: Certificate, trust: Trust, at: datetime, historical: bool = False) -> tuple[Certificate, ...]:
    """The chain, signer first, anchor last, valid at the moment.

    Issuers come from the profile's own store, never from the message or the network, and are found by name and key
    and then by signature: a name alone proves nothing. Raises CertificateUntrusted, CertificateExpired (the chain is
    sound but some link is out of its dates), AlgorithmUnsupported (a `historical` algorithm too, unless asked for) or
    KeyWeak.
    """
    if not _under(leaf.policies, trust.policies):
        raise CertificateUntrusted()
    return path_to_anchor(leaf, trust, at, historical)


def path_to_anchor(leaf: Certificate, trust: Trust, at: datetime, historical: bool = False) -> tuple[Certificate, ...]:
    """The chain of a certificate whatever its policy: of the authority's own services, which old ones carry none."""
    if leaf.authority:
        raise CertificateUntrusted()
    path = [leaf]
    while path[-1].fingerprint not in trust.anchors:
        if len(path) == DEEPEST or path[-1].unknown_critical:
            raise CertificateUntrusted()
        path.append(_issuer(path[-1], trust.authorities, below=len(path) - 1, historical=historical))
    if len(path) == 1:
        raise CertificateUntrusted()
    for link in path:
        if not link.not_before <= at <= link.not_after:
            raise CertificateExpired(not_before=link.not_before.isoformat(), not_after=link.not_after.isoformat())
    return tuple(path)


def _under(policies: Iterable[str], arcs: Iterable[str]) -> bool:
    arcs = tuple(arcs)
    return any(policy == arc or policy.startswith(arc + ".") for policy in policies for arc in arcs)


def _issuer(certificate: Certificate, authorities: Iterable[Certificate], below: int, historical: bool) -> Certificate:
    """The authority that issued this certificate; `below` counts the authorities already under it."""
    unsupported: AlgorithmUnsupported | KeyWeak | None = None
    for authority in authorities:
        if not _may_issue(authority, certificate, below):
            continue
        try:
            if certificates.signed_by(authority, certificate, historical):
                return authority
        except (AlgorithmUnsupported, KeyWeak) as error:
            unsupported = error
    raise unsupported or CertificateUntrusted()


def _may_issue(authority: Certificate, certificate: Certificate, below: int) -> bool:
    named = certificate.authority_key_id
    return (
        authority.subject == certificate.issuer
        and authority.der != certificate.der
        and (named is None or authority.key_id is None or named == authority.key_id)
        and authority.authority
        and "key_cert_sign" in authority.key_usage
        and (authority.path_length is None or authority.path_length >= below)
    )
