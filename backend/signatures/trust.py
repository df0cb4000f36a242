"""Whom we trust: exclusive profiles, anchors pinned by SHA-256, issuers from local files, and whom each asks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.settings import Settings
from backend.signatures import asking, certificates, crl
from backend.signatures.certificates import Certificate
from backend.signatures.crl import ListRefused, RevocationList
from backend.signatures.devca import POLICY, STAMP_POLICY, DevCA
from backend.signatures.lists import StoredLists

# People's certificates: 1.2.398.3.3.2 itself in the hierarchy of 2022, .1 to .4 below it in that of 2015; stamps of
# time say .6 and what is below. (Authorities of 2015 say 1.2.398.3.3.1.1; theirs is not asked.)
NUC_POLICY = "1.2.398.3.3.2"
NUC_STAMP_POLICY = "1.2.398.3.3.2.6"

CERTIFICATE_FILES = (".cer", ".crt", ".der", ".pem")

Question = Callable[[bytes], bytes | None]


def nobody(_issuer: Certificate) -> tuple[RevocationList, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Trust:
    """One profile. `anchors` are fingerprints (SHA-256 of DER, hexadecimal), `authorities` the certificates from
    which chains may be built, `policies` the arcs of which a signer's certificate must carry one.

    `lists(issuer)` are the revocation lists of an authority, judged already; `status` and `stamp` send a request to
    the profile's responder or time-stamping authority and give the answer, or None where it cannot be reached.
    `stamp_policies` are the arcs under which stamps count.
    """

    profile: str
    anchors: frozenset[str]
    authorities: tuple[Certificate, ...]
    policies: tuple[str, ...]
    lists: Callable[[Certificate], tuple[RevocationList, ...]] = nobody
    status: Question | None = None
    stamp: Question | None = None
    stamp_policies: tuple[str, ...] = ()


def active(settings: Settings) -> Trust:
    """The installation's profile. `dev` trusts its own development CA and nothing else; the others trust the files
    in `instance/trust/<profile>/` of which the fingerprints stand in the settings, and never the development CA."""
    if settings.trust_profile == "dev":
        return development(DevCA(settings.instance / "devca"))
    folder = settings.instance / "trust" / settings.trust_profile
    return pinned(
        settings.trust_profile,
        folder,
        settings.trust_anchors,
        status=asking.responder(settings.ocsp_url),
        stamp=asking.stamper(settings.tsa_url),
    )


def development(authority: DevCA) -> Trust:
    """The profile of an installation's own authority, which answers without a network."""
    if not authority.exists():
        return Trust("dev", frozenset(), (), (POLICY,))
    root, issuing = certificates.read(authority.root()), certificates.read(authority.issuing())
    return Trust(
        "dev",
        frozenset({root.fingerprint}),
        (issuing, root),
        (POLICY,),
        lists=lambda issuer: accepted(authority.crl(issuer.der), issuer),
        status=authority.answer,
        stamp=authority.stamp,
        stamp_policies=(STAMP_POLICY,),
    )


def accepted(data: bytes | None, issuer: Certificate) -> tuple[RevocationList, ...]:
    """A list of an issuer, unless it must not be believed."""
    if data is None:
        return ()
    try:
        return (crl.accept(data, issuer),)
    except ListRefused:
        return ()


def pinned(
    profile: str,
    folder: Path,
    anchors: tuple[str, ...],
    status: Question | None = None,
    stamp: Question | None = None,
) -> Trust:
    """A profile of the national authority: its certificates and lists from files, its responders by fixed addresses.
    Addresses inside certificates are never followed."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in CERTIFICATE_FILES)
    authorities = tuple(certificates.read(path.read_bytes()) for path in files)
    pins = frozenset(pin.replace(":", "").lower() for pin in anchors)
    return Trust(
        profile,
        pins,
        authorities,
        (NUC_POLICY,),
        lists=StoredLists(folder / "crl").of,
        status=status,
        stamp=stamp,
        stamp_policies=(NUC_STAMP_POLICY,),
    )
