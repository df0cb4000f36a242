"""The development certification authority: one per installation, made at first use, trusted by profile `dev` alone.

It mirrors the layout of NUC RK (root, issuing authority, people), names itself so that nobody can take it for the
national one, and issues PKCS#12 containers of the same legacy kind.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path

from asn1crypto import pem, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import (
    CertificateRevocationListBuilder,
    CRLNumber,
    RevokedCertificateBuilder,
    load_der_x509_certificate,
)

from backend.core import clock
from backend.signatures import container, issuing, keys, responders
from backend.signatures.issuing import Extensions, Term
from backend.signatures.keys import Algorithm, PrivateKey
from backend.signatures.responders import Desk
from backend.signatures.rules import Role

# The documentation arc of RFC 5612: a policy that no real authority will ever assert.
POLICY = "1.3.6.1.4.1.32473.398.1"
STAMP_POLICY = f"{POLICY}.6"
OCSP_SIGNING, TIME_STAMPING = "1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.8"

AUTHORITY_TERM = timedelta(days=3650)
SERVICE_TERM = timedelta(days=3000)
BACKDATED = timedelta(days=60)
LIST_TERM = timedelta(days=7)

ORGANISATION_ROLES = (Role.HEAD, Role.SIGNATORY, Role.FINANCE, Role.STAFF_OFFICE, Role.EMPLOYEE)


class DevCA:
    """The authority in a folder. Everything but `exists` makes it on first use."""

    def __init__(self, folder: Path):
        self.folder = folder

    def exists(self) -> bool:
        return (self.folder / "issuing.cer").is_file()

    def root(self) -> bytes:
        """DER of the root, the anchor of profile `dev`."""
        return self._file("root.cer").read_bytes()

    def issuing(self) -> bytes:
        """DER of the authority that signs people's certificates."""
        return self._file("issuing.cer").read_bytes()

    def issue(
        self,
        *,
        iin: str,
        name: str,
        password: str,
        bin: str | None = None,
        organisation: str | None = None,
        role: Role = Role.HEAD,
        sign: bool = True,
        algorithm: Algorithm = "rsa",
        term: timedelta = timedelta(days=365),
    ) -> bytes:
        """A PKCS#12 container with a new key for `name` ("SURNAME NAME PATRONYMIC") and the chain.

        With a BIN the certificate is an organisation's (`role` says whose), without one an individual's. `sign`
        False makes a log-in (AUTH) key; `algorithm` is RSA-2048, P-256 or GOST 2015. The term may lie in the past.
        """
        key = keys.generate(algorithm)
        until = clock.now() + term
        since = min(until, clock.now()) - BACKDATED
        roles = (Role.LEGAL_ENTITY, role) if bin else (Role.INDIVIDUAL,)
        extensions = issuing.person_extensions(roles, POLICY, sign, agreement=algorithm == "gost")
        subject = issuing.person(iin, name, bin, organisation)
        certificate = self.certify(subject, key.public, (since, until), extensions)
        return container.write(key, certificate, (self.issuing(), self.root()), iin, password)

    def certify(self, subject: x509.Name, key: bytes, term: Term, extensions: Extensions) -> bytes:
        """A certificate of the issuing authority for a key (SubjectPublicKeyInfo DER), DER."""
        return issuing.sign(subject, key, term, extensions, self.issuing(), self._key("issuing"))

    def revoke(self, serial: int) -> None:
        """Put a certificate on the list, which is renewed at once."""
        self._file("revoked.json")
        with self._locked():
            revoked = self._revoked()
            revoked.setdefault(f"{serial:x}", clock.now().isoformat())
            _replace(self.folder / "revoked.json", json.dumps(revoked, indent=1).encode())
            for name in ("root", "issuing"):
                (self.folder / f"{name}.crl").unlink(missing_ok=True)

    def silence(self, silent: bool) -> None:
        """Let nobody be answered, neither by the responders nor with a list, as when the authority cannot be reached;
        or answer again."""
        mark = self._file("silent")
        if silent:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)

    def _silent(self) -> bool:
        return (self.folder / "silent").exists()

    def answer(self, request: bytes) -> bytes | None:
        """What the authority's responder says about a certificate of the issuing authority (OCSP, DER to DER)."""
        if self._silent():
            return None
        revoked = {int(serial, 16): datetime.fromisoformat(moment) for serial, moment in self._revoked().items()}
        return responders.answer_status(request, self._desk("ocsp", OCSP_SIGNING), revoked)

    def stamp(self, request: bytes) -> bytes | None:
        """A stamp of this moment (RFC 3161, DER to DER)."""
        if self._silent():
            return None
        return responders.stamp(request, self._desk("tsa", TIME_STAMPING), STAMP_POLICY)

    def _desk(self, name: str, usage: str) -> Desk:
        """The key and certificate of one of the authority's services, made at its first use."""
        issuer = self.issuing()
        with self._locked():
            if not (self.folder / f"{name}.cer").exists():
                key = keys.generate("ec")
                term = (clock.now() - BACKDATED, clock.now() + SERVICE_TERM)
                subject = issuing.authority(f"DEV {name.upper()} NOT NUC RK")
                extensions = issuing.service_extensions(usage, STAMP_POLICY if usage == TIME_STAMPING else POLICY)
                certificate = self.certify(subject, key.public, term, extensions)
                _replace(self.folder / f"{name}.key", _pem(key))
                _replace(self.folder / f"{name}.cer", certificate)
        return Desk(self._key(name), (self.folder / f"{name}.cer").read_bytes(), issuer)

    def crl(self, authority: bytes) -> bytes | None:
        """DER of the full list of one of our two authorities, signed anew when the stored one is not current."""
        if self._silent():
            return None
        for name in ("root", "issuing"):
            if self._file(f"{name}.cer").read_bytes() == authority:
                return self._current(name) or self._renew(name)
        return None

    def _current(self, name: str) -> bytes | None:
        try:
            der = (self.folder / f"{name}.crl").read_bytes()
            since, until = (datetime.fromisoformat(text) for text in (self.folder / f"{name}.term").read_text().split())
        except (OSError, ValueError):
            return None
        return der if since <= clock.now() < until - LIST_TERM / 2 else None

    def _renew(self, name: str) -> bytes:
        with self._locked():
            since = clock.now().replace(microsecond=0)
            issuer = load_der_x509_certificate((self.folder / f"{name}.cer").read_bytes())
            builder = (
                CertificateRevocationListBuilder()
                .issuer_name(issuer.subject)
                .last_update(since)
                .next_update(since + LIST_TERM)
                .add_extension(CRLNumber(int(clock.now().timestamp() * 1_000_000)), critical=False)
            )
            for serial, moment in self._revoked().items():
                entry = RevokedCertificateBuilder().serial_number(int(serial, 16))
                builder = builder.add_revoked_certificate(
                    entry.revocation_date(datetime.fromisoformat(moment).replace(microsecond=0)).build()
                )
            signed = builder.sign(self._rsa(name), hashes.SHA256())
            der = signed.public_bytes(serialization.Encoding.DER)
            _replace(self.folder / f"{name}.term", f"{since.isoformat()} {(since + LIST_TERM).isoformat()}".encode())
            _replace(self.folder / f"{name}.crl", der)
            return der

    def _revoked(self) -> dict[str, str]:
        return json.loads((self.folder / "revoked.json").read_text())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as file:
            flock(file, LOCK_EX)
            yield

    def _file(self, name: str) -> Path:
        if not self.exists():
            self._make()
        return self.folder / name

    def _key(self, name: str) -> PrivateKey:
        return keys.load(pem.unarmor(self._file(f"{name}.key").read_bytes())[2])

    def _rsa(self, name: str) -> rsa.RSAPrivateKey:
        # Our own file: whether its primes are prime was settled when they were made.
        own = self._file(f"{name}.key").read_bytes()
        key = serialization.load_pem_private_key(own, None, unsafe_skip_rsa_key_validation=True)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    def _make(self) -> None:
        """Make everything beside the place and move it there whole, so that two first starts leave one authority."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="devca-", dir=self.folder.parent))
        term = (clock.now() - BACKDATED * 2, clock.now() + AUTHORITY_TERM)
        root_key, issuing_key = keys.generate("rsa", 3072), keys.generate("rsa", 3072)
        mark = os.urandom(4).hex()
        root_name = issuing.authority(f"DEV ROOT {mark} NOT NUC RK")
        root = issuing.sign_root(root_name, root_key, term, issuing.authority_extensions(None, POLICY))
        child = issuing.sign(
            issuing.authority(f"DEV CA {mark} NOT NUC RK"),
            issuing_key.public,
            term,
            issuing.authority_extensions(0, POLICY),
            root,
            root_key,
        )
        for name, key, der in (("root", root_key, root), ("issuing", issuing_key, child)):
            _replace(fresh / f"{name}.key", _pem(key))
            _replace(fresh / f"{name}.cer", der)
        _replace(fresh / "revoked.json", b"{}")
        try:
            fresh.rename(self.folder)
        except OSError:
            shutil.rmtree(fresh)
            if not self.exists():
                raise


def serial_of(content: bytes, password: str) -> int:
    """The serial number of the certificate in a PKCS#12 container. Raises ValueError for a wrong password."""
    return x509.Certificate.load(container.read(content, password).certificate).serial_number


def _pem(key: PrivateKey) -> bytes:
    return pem.armor("PRIVATE KEY", key.pkcs8())


def _replace(path: Path, content: bytes) -> None:
    """Write a whole file, readable by its owner alone, or leave the old one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).replace(path)
