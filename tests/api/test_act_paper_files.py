"""The files of an act in its signed package: there as they were signed, compared by hand and by the public check."""

import hashlib
import io
import json
import subprocess
import tracemalloc
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.acts import evidence_files, evidence_package, paper_sending
from backend.acts.models import Act
from backend.core import sandbox
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.files import store
from tests import factories, samples, signing, trading
from tests.trading import Party, refused

Files = dict[str, bytes]
NAMES = {"paper": "Жүкқұжат №7.pdf", "table": "Тізім.csv"}


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def sides(app: Flask) -> tuple[Party, Party]:
    """Seller and buyer."""
    signing.copy(app.config["SETTINGS"].instance / "devca")
    return trading.party(app, signing.BIN, signing.IIN), trading.party(app, signing.OTHER_BIN, signing.OTHER_IIN)


def bring(party: Party, content: bytes) -> str:
    sent = {"data": content, "content_type": "application/octet-stream", "headers": factories.key()}
    answer = party.client.post("/api/v1/files", **sent)
    assert answer.status_code == 201, answer.text
    return answer.json["id"]


def decided(sides: tuple[Party, Party]) -> tuple[str, dict[str, str]]:
    """A partly accepted act with two papers and a photo; the hashes by what they are."""
    seller, buyer = sides
    goods = trading.texts(factories.codes(seller.id, 3))
    act = trading.draft(seller, buyer, goods)
    known = {"paper": bring(seller, samples.PDF), "table": bring(seller, "Код;Саны\nа;1\n".encode())}
    for which, file in known.items():
        assert seller.post(f"/acts/{act}/attachments", {"file_id": file, "name": NAMES[which]}).status_code == 200
    assert trading.send(seller, act).status_code == 200
    known["photo"] = bring(buyer, samples.picture())
    rejected = [{"code": goods[0], "reason": "damaged", "words": "", "photos": [known["photo"]]}]
    assert trading.decide(buyer, act, rejected=rejected).status_code == 200
    return act, known


def package(party: Party, act: str) -> bytes:
    answer = party.get(f"/acts/{act}/package")
    assert answer.status_code == 200, answer.text
    return answer.data


def opened(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def judged(client: FlaskClient, files: Files, query: str = "", *, relisted: bool = True) -> dict[str, Any]:
    """What the public check says of these files; `relisted` gives them a manifest that lists just them."""
    answer = ask(client, files | (listing(files) if relisted else {}), query)
    assert answer.status_code == 200, answer.text
    return answer.json


def ask(client: FlaskClient, files: Files, query: str = "") -> Any:
    packed = samples.archive(files)
    return client.post(f"/api/v1/authenticity/package{query}", data=packed, content_type="application/octet-stream")


def listing(files: Files) -> Files:
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in files.items()
        if name != "manifest.json"
    ]
    return {"manifest.json": json.dumps(manifest).encode()}


def states(found: dict[str, Any]) -> dict[str, str]:
    return {one["sha256"]: one["state"] for one in found["files"]}


def test_the_files_lie_in_the_package_and_are_held_against_what_was_signed(
    sides: tuple[Party, Party], client: FlaskClient, tmp_path: Path
) -> None:
    """Both sides get the very bytes; the command of the README and the public check name what is missing or changed."""
    act, known = decided(sides)
    content = package(sides[1], act)
    files = opened(content)
    there = {name: data for name, data in files.items() if name.startswith("files/")}
    endings = {"paper": ".pdf", "table": ".csv", "photo": ".jpg"}
    assert set(there) == {f"files/{known[one]}{ending}" for one, ending in endings.items()}
    assert {hashlib.sha256(data).hexdigest() for data in there.values()} == set(known.values())
    assert {name: data for name, data in opened(package(sides[0], act)).items() if name in there} == there
    readme = files["README.txt"].decode()
    assert f"files/{known['paper']}.pdf  {NAMES['paper']}" in readme
    for language in ("ҚАЗАҚША", "РУССКИЙ", "ENGLISH"):
        assert readme.count(language) == 2

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    assert by_hand(tmp_path, readme) == (0, "")
    photo = tmp_path / f"files/{known['photo']}.jpg"
    photo.write_bytes(samples.picture(colour="black"))
    (tmp_path / f"files/{known['paper']}.pdf").unlink()
    failed, said = by_hand(tmp_path, readme)
    assert failed
    assert known["photo"] in said
    assert known["paper"] in said
    assert known["table"] not in said

    found = judged(client, files, relisted=False)
    assert (found["outcome"], found["intact"]) == ("valid", True)
    assert [(one["name"], one["state"]) for one in found["files"]] == [
        *((name, "held") for _, name in sorted((known[which], name) for which, name in NAMES.items())),
        ("", "held"),
    ]
    name = f"files/{known['photo']}.jpg"
    changed = judged(client, files | {name: b"\xff\xd8 another"})
    assert (changed["outcome"], changed["intact"]) == ("invalid", True)
    assert states(changed) == dict.fromkeys(known.values(), "held") | {known["photo"]: "changed"}
    without = {one: data for one, data in files.items() if one != name}
    assert judged(client, without, relisted=False)["outcome"] == "invalid"
    missing = judged(client, without)
    assert (missing["outcome"], states(missing)[known["photo"]]) == ("unknown", "missing")
    stranger = hashlib.sha256(b"stranger").hexdigest()
    added = judged(client, files | {f"files/{stranger}.pdf": b"stranger"})
    assert (added["outcome"], states(added)[stranger]) == ("invalid", "unsigned")


def by_hand(folder: Path, readme: str) -> tuple[int, str]:
    """What the README's own command finds to be wrong."""
    (command,) = [line for line in readme.splitlines() if "sha256sum" in line]
    ran = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    return ran.returncode, "".join(line for line in ran.stdout.splitlines() if not line.endswith(": OK"))


def test_large_files_are_measured_where_they_are(sides: tuple[Party, Party], client: FlaskClient) -> None:
    """The holder sends what the files hash to instead of the files, and says so; a package cannot say it of itself."""
    act, known = decided(sides)
    files = opened(package(sides[0], act))
    light = {name: data for name, data in files.items() if not name.startswith("files/")}
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name.startswith("files/")}

    def measured(given: dict[str, str]) -> Files:
        return light | {"measured.sha256": "".join(f"{sums}  {name}\n" for name, sums in given.items()).encode()}

    found = judged(client, measured(sums), "?measured=true", relisted=False)
    assert (found["outcome"], found["intact"], set(states(found).values())) == ("valid", True, {"held"})
    one = f"files/{known['paper']}.pdf"
    found = judged(client, measured(sums | {one: "0" * 64}), "?measured=true", relisted=False)
    assert (found["outcome"], states(found)[known["paper"]]) == ("invalid", "changed")
    assert refused(ask(client, measured(sums)), 422, "acts.package_unreadable")["why"] == "name"
    for line in ("x", f"{'0' * 64}  1-act/document.json", f"{'0' * 64}  {one}\n{'0' * 64}  {one}"):
        hostile = light | {"measured.sha256": line.encode()}
        assert refused(ask(client, hostile, "?measured=true"), 422, "acts.package_unreadable")["why"] == "damaged"


def test_what_there_is_no_room_for_stays_and_is_named(
    sides: tuple[Party, Party], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does what the store lost: the signatures are proof without it."""
    act, known = decided(sides)
    stored = store.current()
    stored.delete(known["table"])
    monkeypatch.setattr(evidence_files, "ROOM", len(samples.PDF))
    files = opened(package(sides[0], act))
    assert [name for name in files if name.startswith("files/")] == [f"files/{known['paper']}.pdf"]
    assert set(json.loads(files["manifest.json"])["left_out"]) == {known["table"], known["photo"]}
    assert f"{known['table']}  {NAMES['table']}: " in files["README.txt"].decode()
    found = judged(client, files, relisted=False)
    assert (found["outcome"], found["intact"]) == ("unknown", True)
    assert states(found) == {known["paper"]: "held", known["table"]: "missing", known["photo"]: "missing"}


def test_many_large_files_do_not_fill_the_memory(sides: tuple[Party, Party], tmp_path: Path) -> None:
    """Twenty papers of two megabytes: one at a time is in memory, and the archive is on a disk."""
    seller, buyer = sides
    act = trading.draft(seller, buyer, trading.texts(factories.codes(seller.id, 1)))
    size = 2_000_000
    for number in range(20):
        filling = b"%" + bytes([65 + number]) * size + b"\n"
        file = bring(seller, samples.PDF.replace(b"xref", filling + b"xref", 1))
        assert seller.post(f"/acts/{act}/attachments", {"file_id": file, "name": f"{number}.pdf"}).status_code == 200
    assert trading.send(seller, act).status_code == 200
    written = tmp_path / "package.zip"

    def write() -> int:
        row = db.session.get_one(Act, act)
        tracemalloc.start()
        with written.open("wb") as file:
            evidence_package.write(row, file)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    with seller.client.application.app_context():
        peak = unit_of_work(write)
    assert written.stat().st_size > 20 * size
    assert peak < 4 * size


def test_slow_readers_of_large_packages_leave_threads_for_others(
    sides: tuple[Party, Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    act, _ = decided(sides)
    monkeypatch.setattr(paper_sending, "LARGE", 1000)
    slow = sides[0].client.get(f"/api/v1/acts/{act}/package", buffered=False)
    assert slow.status_code == 200
    refused(sides[1].get(f"/acts/{act}/package"), 503, "acts.paper_busy")
    slow.close()
    package(sides[1], act)
    assert package(sides[1], act)[:2] == b"PK"


def test_what_was_never_formed_by_us_names_nothing() -> None:
    """Documents in a package that anybody made: wrong shapes are passed over, no name is longer than a name."""
    good = "a" * 64
    said: list[dict[str, Any]] = [
        {"attachments": "x", "rejected": {"photos": [good]}},
        {"attachments": [None, {"sha256": 5}, {"sha256": "A" * 64}, {"sha256": good, "name": "n" * 500}]},
        {"rejected": [{"photos": [good, 7, b64encode(b"x").decode()]}, {"photos": None}, 3]},
    ]
    assert evidence_files.named(said) == [(good, "n" * 120)]
