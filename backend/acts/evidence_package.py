"""The signed package of an act: every document that was signed about it, each with its CMS and with what proves it, in
one ZIP that anyone can verify without this platform. The files that the documents name by hash lie beside them."""

import hashlib
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

import orjson
from asn1crypto import pem

from backend.acts import authenticity, evidence, evidence_files, evidence_readme
from backend.acts.evidence_files import Named
from backend.acts.evidence_readme import Paper
from backend.acts.models import Act
from backend.acts.paper import annex
from backend.core import clock
from backend.core.clock import ALMATY
from backend.files import service as files
from backend.files.models import File
from backend.signatures import facts, queries
from backend.signatures.cms import read as read_cms
from backend.signatures.facts import SignatureFacts
from backend.signatures.models import State
from backend.signatures.queries import Bundle

FORMAT = "kz.tanba.package/v1"
CODES, MANIFEST, README = "codes.csv", "manifest.json", "README.txt"


def write(act: Act, into: IO[bytes]) -> None:
    """Write the package; memory stays flat in the number of codes and of files, of which it holds one at a time.
    Raises NotSigned, StoreDown."""
    found = _signatures(authenticity.signed(act))
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        package = _Package(archive, clock.now())
        described = []
        for number, (signed, said, bundle) in enumerate(found, 1):
            folder = f"{number}-{evidence.subject_of(signed.verb)}"
            for name, content in _parts(bundle):
                package.put(f"{folder}/{name}", [content])
            described.append(_described(folder, signed, said, bundle))
        package.put(CODES, annex.csv(act))
        held, left_out = _files(package, evidence_files.of(act, [bundle.document for _, _, bundle in found]))
        listed = [(one["folder"], said, bundle) for one, (_, said, bundle) in zip(described, found, strict=True)]
        readme = evidence_readme.text(act.number, authenticity.page(), listed, held, left_out)
        package.put(README, [readme.encode()])
        manifest = {
            "format": FORMAT,
            "act": act.id,
            "number": act.number,
            "check": authenticity.link(act),
            "made_at": package.at.isoformat(timespec="seconds"),
            "documents": described,
            "files": package.files,
            "left_out": [one.sha256 for one in left_out],
        }
        package.put(MANIFEST, [orjson.dumps(manifest, option=orjson.OPT_INDENT_2)])


class _Package:
    """The archive as it grows, and what the manifest will say of its files."""

    def __init__(self, archive: zipfile.ZipFile, at: datetime) -> None:
        self._archive = archive
        self.at = at
        self.files: list[dict[str, Any]] = []

    def put(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> None:
        """`packed` is for text: pictures and papers are no smaller for it, and whole they can be read in place."""
        info = zipfile.ZipInfo(name, self.at.astimezone(ALMATY).timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED, 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w") as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        self.files.append({"name": name, "sha256": digest.hexdigest(), "size": size})


def _files(package: _Package, wanted: Iterable[tuple[Named, File | None]]) -> tuple[list[Paper], list[Named]]:
    """Put in the files that there is room for; those that are not in it, or not in the store, come second."""
    held: list[Paper] = []
    left_out: list[Named] = []
    room = evidence_files.ROOM
    for one, file in wanted:
        fits = file is not None and file.size <= room and len(held) < evidence_files.MOST_FILES
        content = files.content(file.id) if file is not None and fits else None
        if file is None or content is None:
            left_out.append(one)
            continue
        package.put(evidence_files.place(file), [content], packed=False)
        held.append(Paper(evidence_files.place(file), one.title))
        room -= file.size
    return held, left_out


def _signatures(act: Act) -> list[tuple[evidence.Signed, SignatureFacts, Bundle]]:
    steps = evidence.signatures(act)
    known = {one.id: one for one in facts.of([step.signature_id for step in steps])}
    found = []
    for step in steps:
        said, bundle = known.get(step.signature_id), queries.evidence(step.signature_id)
        if said and bundle and said.state is not State.REFUSED:
            found.append((step, said, bundle))
    return found


def _parts(bundle: Bundle) -> list[tuple[str, bytes]]:
    """The files of one signature. Certificates also stand in the form that openssl takes, and the value that a stamp of
    time is over stands by itself."""
    signer, *authorities = (pem.armor("CERTIFICATE", one) for one in bundle.chain)
    parts = [
        ("document.json", bundle.document),
        ("signature.p7s", bundle.cms),
        ("signature.bin", read_cms(bundle.cms).signature),
        ("signer.pem", signer),
        ("authorities.pem", b"".join(authorities)),
    ]
    for name, contents, ending in (
        ("ocsp", bundle.ocsp, "der"),
        ("crl", bundle.crls, "crl"),
        ("timestamp", bundle.timestamps, "tst"),
    ):
        parts += [(f"{name}-{number}.{ending}", content) for number, content in enumerate(contents, 1)]
    return [*parts, ("verdict.json", orjson.dumps(bundle.verdict, option=orjson.OPT_INDENT_2))]


def _described(folder: str, signed: evidence.Signed, said: SignatureFacts, bundle: Bundle) -> dict[str, Any]:
    return {
        "folder": folder,
        "schema": said.schema,
        "sha256": hashlib.sha256(bundle.document).hexdigest(),
        "side": signed.side.value,
        "organisation": said.organisation,
        "bin": said.bin,
        "received_at": said.received_at.isoformat(timespec="seconds"),
        "stamped_at": said.stamped_at.isoformat(timespec="seconds") if said.stamped_at else None,
        "test": said.is_test,
    }
