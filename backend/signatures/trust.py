"""Whom we trust: exclusive profiles, anchors pinned by SHA-256, issuers and revocation lists from local files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.settings import Settings
from backend.signatures import certificates
from backend.signatures.certificates import Certificate
from backend.signatures.devca import POLICY, DevCA

NUC_POLICY = "1.2.398.3.3.2"

CERTIFICATE_FILES = (".cer", ".crt", ".der", ".pem")


@dataclass(frozen=True, slots=True)
class Trust:
    """One profile. `anchors` are fingerprints (SHA-256 of DER, hexadecimal), `authorities` the certificates from
    which chains may be built, `policies` the arcs of which a signer's certificate must carry one, `crl(issuer)` the
    newest revocation list of an authority, or None where nobody can say."""

    profile: str
    anchors: frozenset[str]
    authorities: tuple[Certificate, ...]
    policies: tuple[str, ...]
    crl: Callable[[Certificate], bytes | None]


def active(settings: Settings) -> Trust:
    """The installation's profile. `dev` trusts its own development CA and nothing else; the others trust the files
    in `instance/trust/<profile>/` of which the fingerprints stand in the settings, and never the development CA."""
    if settings.trust_profile == "dev":
        return development(DevCA(settings.instance / "devca"))
    folder = settings.instance / "trust" / settings.trust_profile
    return pinned(settings.trust_profile, folder, settings.trust_anchors)


def development(authority: DevCA) -> Trust:
    if not authority.exists():
        return Trust("dev", frozenset(), (), (POLICY,), lambda _issuer: None)
    root, issuing = certificates.read(authority.root()), certificates.read(authority.issuing())
    return Trust("dev", frozenset({root.fingerprint}), (issuing, root), (POLICY,), lambda one: authority.crl(one.der))


def pinned(profile: str, folder: Path, anchors: tuple[str, ...]) -> Trust:
    """A profile of the national authority. Its revocation needs the network, which is not asked here, so every
    certificate stays `pending` and no signature passes."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in CERTIFICATE_FILES)
    authorities = tuple(certificates.read(path.read_bytes()) for path in files)
    pins = frozenset(pin.replace(":", "").lower() for pin in anchors)
    return Trust(profile, pins, authorities, (NUC_POLICY,), lambda _issuer: None)
