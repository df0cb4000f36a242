"""Judging a signed file that anybody brings: whether its signatures hold, who signed for whom and when, and whether its
parts belong together."""

import csv
import hashlib
import io
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select

from backend.acts import documents, evidence_files, evidence_reading
from backend.acts.authenticity_rules import FileMissing, PackageUnreadable
from backend.acts.authenticity_schemas import CheckedAct, CheckedCertificate, CheckedFile, CheckedOut, CheckedSignature
from backend.acts.evidence_files import Standing
from backend.acts.evidence_package import CODES, FORMAT, MANIFEST
from backend.acts.models import Act
from backend.acts.rules import State
from backend.codes.rules import code_id
from backend.core.db import db
from backend.history import rules as history
from backend.signatures import later
from backend.signatures.cms import unarmour
from backend.signatures.later import Beside, Judgement, Outcome

MOST_SIGNATURES = 20
FOLDER = re.compile(r"([0-9]{1,2})-[a-z]+/document\.json")
SUBJECTS = {
    documents.ACT: "act",
    documents.ACCEPTANCE: "acceptance",
    documents.CORRECTION: "correction",
    documents.ANNULMENT: "annulment",
}
PARTIES = {
    documents.ACT: ("sender",),
    documents.ACCEPTANCE: ("receiver",),
    documents.CORRECTION: ("sender", "receiver"),
    documents.ANNULMENT: ("party",),
}
"""Where a document names the parties of whom one signs it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A document with its CMS, and what came beside it as proof."""

    document: bytes
    cms: bytes
    beside: Beside = field(default_factory=Beside)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.document).hexdigest()


def package(parts: Mapping[str, bytes]) -> CheckedOut:
    """Judge an opened package. Raises PackageUnreadable for one without a manifest of ours or without signatures."""
    manifest = _manifest(parts.get(MANIFEST, b""))
    signed = [_signed(parts, name.rsplit("/", 1)[0]) for name in _ordered(parts)]
    if not signed or len(signed) > MOST_SIGNATURES:
        raise PackageUnreadable(why="no_signatures" if not signed else "too_many")
    there = evidence_reading.digests(parts)
    return _checked(signed, intact=_intact(there, manifest), codes=parts.get(CODES), there=there)


def single(document: str, cms: str) -> CheckedOut:
    """Judge one document with its CMS, both in base64. Raises FileMissing, and Malformed for what is no base64."""
    if not document or not cms:
        raise FileMissing()
    try:
        content = b64decode(document, validate=True)
    except ValueError as error:
        raise FileMissing() from error
    return _checked([Signed(content, unarmour(cms))], intact=None, codes=None, there=None)


def _manifest(content: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise PackageUnreadable(why="manifest") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("files"), list):
        raise PackageUnreadable(why="manifest")
    return found


def _ordered(parts: Mapping[str, bytes]) -> list[str]:
    found = {name: int(match[1]) for name in parts if (match := FOLDER.fullmatch(name))}
    return sorted(found, key=lambda name: (found[name], name))


def _signed(parts: Mapping[str, bytes], folder: str) -> Signed:
    def those(kind: str) -> list[bytes]:
        return [parts[name] for name in sorted(parts) if name.startswith(f"{folder}/{kind}-")]

    beside = Beside(ocsp=those("ocsp"), crls=those("crl"), stamps=those("timestamp"))
    return Signed(parts[f"{folder}/document.json"], parts.get(f"{folder}/signature.p7s", b""), beside)


def _intact(there: Mapping[str, str], manifest: dict[str, Any]) -> bool:
    """Whether the files are those that the manifest lists, and no others."""
    listed = {one.get("name"): one.get("sha256") for one in manifest["files"] if isinstance(one, dict)}
    return listed == {name: digest for name, digest in there.items() if name != MANIFEST}


def _checked(
    signed: Sequence[Signed], *, intact: bool | None, codes: bytes | None, there: Mapping[str, str] | None
) -> CheckedOut:
    judged = [(one, later.judge(one.document, one.cms, one.beside)) for one in signed]
    acts = {one.sha256: found.content for one, found in judged if found.content.get("schema") == documents.ACT}
    shown = [_shown(one, found, acts) for one, found in judged]
    latest = list(acts.values())[-1] if acts else None
    codes_hold = _codes_hold(codes, latest) if codes is not None and latest else None
    files = evidence_files.compared([found.content for _, found in judged], there) if there is not None else []
    standings = {one.standing for one in files}
    whole = intact is not False and codes_hold is not False and all(one.linked is not False for one in shown)
    whole = whole and not standings & {Standing.CHANGED, Standing.UNSIGNED}
    outcomes = {one.outcome for one in shown}
    sure = outcomes == {Outcome.VALID} and whole and Standing.MISSING not in standings
    outcome = Outcome.VALID if sure else Outcome.UNKNOWN
    if Outcome.INVALID in outcomes or not whole:
        outcome = Outcome.INVALID
    return CheckedOut(
        outcome=outcome,
        act=_act(latest) if latest else None,
        state=_state(judged),
        intact=intact,
        codes=codes_hold,
        files=[CheckedFile(name=one.title, sha256=one.sha256, state=one.standing) for one in files],
        signatures=shown,
    )


def _shown(one: Signed, found: Judgement, acts: Mapping[str, Any]) -> CheckedSignature:
    schema = str(found.content.get("schema", ""))
    parties = [found.content.get(name) for name in PARTIES.get(schema, ())]
    parties = [party for party in parties if isinstance(party, dict)]
    signer = found.signer
    number = (signer.bin or signer.iin) if signer else None
    own = next((party for party in parties if party.get("bin") == number), None)
    party = own or (parties[0] if len(parties) == 1 else None)
    return CheckedSignature(
        subject=SUBJECTS.get(schema, "document"),
        sha256=one.sha256,
        outcome=found.outcome,
        why=found.why,
        name=found.name,
        iin=found.iin,
        bin=signer.bin if signer else None,
        organisation=signer.organisation if signer else None,
        party=str(party.get("name", "")) if party else None,
        for_party=own is not None if signer and parties else None,
        certificate=_certificate(found),
        claimed_at=found.claimed_at,
        at=found.at,
        proof=found.proof,
        revocation=found.revocation.get("by") or found.revocation.get("status"),
        known=found.known is not None,
        linked=_linked(schema, found.content, acts),
        test=found.is_test,
    )


def _linked(schema: str, said: Mapping[str, Any], acts: Mapping[str, Any]) -> bool | None:
    """Whether the document speaks of an act in the same file, byte for byte; the first version of an act of nothing."""
    named = said.get("corrects") if schema == documents.ACT else said.get("act_sha256")
    if not acts or named is None:
        return None
    return named in acts


def _certificate(found: Judgement) -> CheckedCertificate | None:
    one = found.certificate
    if one is None:
        return None
    return CheckedCertificate(
        serial=one.serial,
        issuer=one.issuer,
        not_before=one.not_before,
        not_after=one.not_after,
        algorithm=one.algorithm,
    )


def _codes_hold(listed: bytes, said: Mapping[str, Any]) -> bool:
    """Whether the list of codes has the root that was signed."""
    try:
        rows = list(csv.DictReader(io.StringIO(listed.decode("utf-8"))))
        leaves = [code_id(row["code"]) for row in rows]
        return history.merkle_root(leaves).hex() == said["codes"]["root"]
    except (UnicodeDecodeError, csv.Error, KeyError, TypeError, AttributeError):
        return False


def _act(said: Mapping[str, Any]) -> CheckedAct | None:
    try:
        return CheckedAct(
            number=said["number"],
            transfer_date=said["transfer_date"],
            units=said["units"],
            sender=said["sender"]["name"],
            receiver=said["receiver"]["name"],
        )
    except (KeyError, TypeError, ValueError):
        return None


def _state(judged: Sequence[tuple[Signed, Judgement]]) -> State | None:
    """Where the act stands, told to whoever holds a signature of it that this platform keeps."""
    known = [found.content.get("act") for _, found in judged if found.known]
    if not known:
        return None
    return db.session.scalar(select(Act.state).where(Act.id == str(known[0])))
