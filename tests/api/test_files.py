"""Files: told by content, stored for good before a row says so, read by whom they concern, swept when nobody names
them."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock, sandbox
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.files import service, store, tasks
from backend.files.folder import Folder
from backend.files.models import Bringing, File
from backend.files.rules import Media, StoreDown, tidy
from backend.files.s3_signature import Credentials, signed
from backend.identity.models import Session
from backend.organisations.models import Membership
from backend.organisations.rules import Function, Kind, Role
from tests import factories, objectstore, samples
from tests.trading import refused


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


def bring(client: FlaskClient, content: bytes, key: dict[str, str] | None = None) -> Any:
    headers = key or factories.key()
    return client.post("/api/v1/files", data=content, content_type="application/octet-stream", headers=headers)


def head(app: Flask, organisation: str | None = None) -> FlaskClient:
    client = app.test_client()
    factories.sign_in(client, organisation or factories.organisation(Kind.RETAIL))
    return client


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (samples.picture("JPEG"), Media.JPEG),
        (samples.picture("PNG"), Media.PNG),
        (samples.picture("WEBP"), Media.WEBP),
        (samples.PDF, Media.PDF),
        (samples.workbook([["a"]]), Media.XLSX),
        ("код;бағасы\r\n".encode("cp1251", "replace"), Media.CSV),
        ("\ufeffкод;1".encode("utf-16"), Media.CSV),
    ],
    ids=lambda one: one.name if isinstance(one, Media) else "",
)
def test_a_file_is_what_its_bytes_are(app: Flask, content: bytes, media: Media) -> None:
    client = head(app)
    answer = bring(client, content)
    digest = hashlib.sha256(content).hexdigest()
    assert (answer.status_code, answer.json) == (
        201,
        {"id": digest, "sha256": digest, "size": len(content), "type": media.value},
    )
    read = client.get(f"/api/v1/files/{digest}")
    assert read.data == content
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in read.headers["Content-Security-Policy"]
    assert read.headers["Cache-Control"] == "private, no-cache"
    assert read.headers["Content-Type"].startswith(media.value)
    inline = media in (Media.JPEG, Media.PNG, Media.WEBP)
    assert read.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    again = client.get(f"/api/v1/files/{digest}", headers={"If-None-Match": read.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "files.empty"),
        (b"a" * (10 * 2**20 + 1), 413, "files.too_large"),
        (samples.enormous_png(13_000), 413, "files.picture_too_large"),
        (samples.picture("JPEG")[:-200], 422, "files.damaged"),
        (samples.PDF[:40], 422, "files.damaged"),
        (b"MZ\x90\x00program", 415, "files.unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", 415, "files.unsupported"),
        (b" <!doctype html><script>1</script>", 415, "files.unsupported"),
        (samples.archive({"evil.exe": b"MZ"}), 415, "files.unsupported"),
        (samples.workbook([["a"]], more={"xl/vbaProject.bin": b"1"}), 415, "files.unsupported"),
        (samples.workbook([["a"]], more={"xl/bomb.xml": bytes(301_000_000)}), 413, "files.picture_too_large"),
        (samples.workbook([["a"]])[:-30], 422, "files.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 415, "files.unsupported"),
    ],
    ids=[
        "empty",
        "large",
        "pixels",
        "cut",
        "cut_pdf",
        "program",
        "svg",
        "html",
        "zip",
        "macros",
        "bomb",
        "zip_cut",
        "ole",
    ],
)
def test_what_is_not_kept(app: Flask, content: bytes, status: int, code: str) -> None:
    refused(bring(head(app), content), status, code)
    assert db.session.scalars(select(File)).all() == []


def test_bringing_twice_keeps_one_and_counts_once(app: Flask) -> None:
    organisation = factories.organisation(Kind.RETAIL)
    first, second = head(app, organisation), head(app, organisation)
    key = factories.key()
    answers = [bring(first, samples.PDF, key), bring(first, samples.PDF, key), bring(second, samples.PDF)]
    assert [one.status_code for one in answers] == [201, 201, 201]
    assert answers[1].headers["Idempotent-Replay"] == "true"
    assert len(db.session.scalars(select(Bringing)).all()) == 1


def test_only_who_brought_it_reads_it_until_a_document_names_it(app: Flask) -> None:
    organisation = factories.organisation(Kind.RETAIL)
    client, colleague, clerk = head(app, organisation), head(app, organisation), app.test_client()
    factories.sign_in(clerk, organisation, Role.EMPLOYEE, (Function.LABELS,))
    stranger = head(app)
    digest = bring(client, samples.PDF).json["id"]
    path = f"/api/v1/files/{digest}"
    refused(colleague.get(path), 404, "files.unknown")
    document = ("act", "0" * 26)
    unit_of_work(lambda: service.belong(document, {digest: "Накладная.pdf"}, [organisation]))
    assert colleague.get(path).status_code == 200
    assert "%D0%9D%D0%B0%D0%BA" in colleague.get(path).headers["Content-Disposition"]
    refused(clerk.get(path), 404, "files.unknown")
    refused(stranger.get(path), 404, "files.unknown")


def test_what_a_person_brought_for_one_organisation_is_not_there_for_another(app: Flask) -> None:
    """An accountant of two organisations works for each apart."""
    ours, theirs = factories.organisation(Kind.RETAIL), factories.organisation(Kind.RETAIL)
    client = app.test_client()
    factories.sign_in(client, ours)
    digest = bring(client, samples.PDF).json["id"]
    for table in (Membership, Session):
        unit_of_work(lambda table=table: setattr(db.session.query(table).one(), "organisation_id", theirs))
    refused(client.get(f"/api/v1/files/{digest}"), 404, "files.unknown")


def test_another_document_party_reads_it(app: Flask) -> None:
    ours, theirs = factories.organisation(Kind.RETAIL), factories.organisation(Kind.RETAIL)
    client, other = head(app, ours), head(app, theirs)
    digest = bring(client, samples.PDF).json["id"]
    document = ("act", "0" * 26)
    unit_of_work(lambda: service.belong(document, {digest: "a.pdf"}, [ours, None]))
    refused(other.get(f"/api/v1/files/{digest}"), 404, "files.unknown")
    unit_of_work(lambda: service.share(document, theirs))
    assert other.get(f"/api/v1/files/{digest}").data == samples.PDF
    unit_of_work(lambda: service.let_go(document))
    refused(other.get(f"/api/v1/files/{digest}"), 404, "files.unknown")


def test_an_organisation_has_room_for_so_much(make_app: Callable[..., Flask], database_url: str) -> None:
    app = make_app(database_url, files_quota=1_000)
    with app.app_context():
        client = head(app)
        first = bring(client, b"1;2\n" * 200)
        assert first.status_code == 201
        assert refused(bring(client, b"1;3\n" * 200), 409, "files.quota") == {"limit": 0}
        assert bring(client, b"1;2\n" * 200).status_code == 201
        assert bring(head(app), b"1;3\n" * 200).status_code == 201


def test_bytes_are_whole_under_their_name_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path / "files")
    order: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (order.append("fsync"), fsync(descriptor)))
    monkeypatch.setattr(os, "replace", lambda a, b: (order.append("rename"), replace(a, b)))
    folder.put("ab" * 32, b"whole")
    assert order == ["fsync", "rename", "fsync", "fsync"]

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="disk full"):
        folder.put("cd" * 32, b"half")
    assert folder.get("cd" * 32) is None
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == ["ab" * 32]


def test_what_a_power_cut_left_half_written_is_taken_away(tmp_path: Path) -> None:
    """Once nobody can be writing it any more; a whole file is left to whoever knows of its row."""
    folder = Folder(tmp_path)
    whole, young, old = "ab" * 32, f".{'ab' * 32}.0", f".{'ab' * 32}.1"
    folder.put(whole, b"whole")
    for name in (young, old):
        (tmp_path / "ab" / name).write_bytes(b"ha")
    for name in (whole, old):
        os.utime(tmp_path / "ab" / name, (0, 0))
    assert list(folder.older(datetime.now(UTC) - timedelta(days=1))) == [whole]
    assert {path.name for path in (tmp_path / "ab").iterdir()} == {whole, young}


def test_a_row_that_is_rolled_back_leaves_bytes_that_the_sweep_takes(app: Flask) -> None:
    ours = factories.organisation(Kind.RETAIL)
    judged = service.judge(Actor("p", ours), samples.PDF)
    there = store.current()
    tasks.sweep()
    assert there.get(judged.id) == samples.PDF
    age(judged.id, timedelta(days=2))
    tasks.sweep()
    assert there.get(judged.id) is None


def test_what_no_document_names_goes_and_what_one_names_stays(app: Flask) -> None:
    ours = factories.organisation(Kind.RETAIL)
    client = head(app, ours)
    used, unused = bring(client, samples.PDF).json["id"], bring(client, b"1;2").json["id"]
    unit_of_work(lambda: service.belong(("act", "0" * 26), {used: "a.pdf"}, [ours]))
    for one in (used, unused):
        age(one, timedelta(days=40))
    with clock.at(datetime.now(UTC) + timedelta(days=29)):
        tasks.sweep()
        assert len(db.session.scalars(select(File)).all()) == 2
    with clock.at(datetime.now(UTC) + timedelta(days=31)):
        tasks.sweep()
    assert [one.id for one in db.session.scalars(select(File))] == [used]
    assert store.current().get(used) == samples.PDF
    assert store.current().get(unused) is None


def test_what_another_organisation_names_is_not_ones_own_for_ever(app: Flask) -> None:
    """Each has room for what it brought itself, and its own documents name."""
    ours, theirs = factories.organisation(Kind.RETAIL), factories.organisation(Kind.RETAIL)
    (digest,) = {bring(head(app, one), samples.PDF).json["id"] for one in (ours, theirs)}
    unit_of_work(lambda: service.belong(("act", "0" * 26), {digest: "a.pdf"}, [ours]))
    with clock.at(datetime.now(UTC) + timedelta(days=31)):
        unit_of_work(tasks.forget_unnamed)
    assert [one.organisation_id for one in db.session.scalars(select(Bringing))] == [ours]
    assert db.session.get(File, digest) is not None


def test_what_is_brought_again_is_kept_as_if_it_were_new(app: Flask) -> None:
    """The document that will name it may wait on a phone for as long again."""
    ours, now = factories.organisation(Kind.RETAIL), datetime.now(UTC)
    store.current().put("ab" * 32, b"1;2")
    for days, kept in ((0, 1), (29, 1), (31, 1), (60, 0)):
        with clock.at(now + timedelta(days=days)):
            if days < 30:
                judged = service.Judged("ab" * 32, 5, Media.CSV)
                unit_of_work(lambda judged=judged: service.bring(Actor("p", ours), judged))
            unit_of_work(tasks.forget_unnamed)
        assert len(db.session.scalars(select(File)).all()) == kept, days


def test_bytes_that_are_taken_away_as_somebody_brings_them_get_no_row(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were put there before the sweep took them, and are named after. Nobody is told that they were kept; brought
    once more, they are."""
    ours, there = factories.organisation(Kind.RETAIL), store.current()
    judged = service.judge(Actor("p", ours), samples.PDF)
    age(judged.id, timedelta(days=2))
    told: list[str] = []

    def name_it() -> None:
        with app.app_context():
            try:
                told.append(unit_of_work(lambda: service.bring(Actor("p", ours), judged).id))
            except StoreDown:
                told.append("store down")

    other = threading.Thread(target=name_it)

    def meanwhile(key: str, delete: Callable[[str], None] = there.delete) -> None:
        other.start()
        other.join(1)
        delete(key)

    monkeypatch.setattr(there, "delete", meanwhile)
    tasks.sweep()
    other.join()
    assert told == ["store down"]
    assert db.session.scalars(select(File)).all() == []
    monkeypatch.undo()
    there.put(judged.id, samples.PDF)
    unit_of_work(lambda: service.bring(Actor("p", ours), judged))
    tasks.sweep()
    assert there.get(judged.id) == samples.PDF


def age(key: str, by: timedelta) -> None:
    path = store.current().root / key[:2] / key
    then = datetime.now(UTC).timestamp() - by.total_seconds()
    os.utime(path, (then, then))


def test_bytes_that_changed_in_the_store_are_not_handed_out(app: Flask) -> None:
    client = head(app)
    digest = bring(client, samples.PDF).json["id"]
    (store.current().root / digest[:2] / digest).write_bytes(b"other")
    refused(client.get(f"/api/v1/files/{digest}"), 503, "files.store_down")


@pytest.mark.parametrize("prefix", ["", "/tanba/kz"])
def test_files_lie_in_a_bucket(
    make_app: Callable[..., Flask], sqlite_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with objectstore.running() as bucket:
        app = make_app(sqlite_url, files_url=bucket.url(prefix=prefix))
        with app.app_context():
            client = head(app)
            ids = [bring(client, f"{number};1".encode()).json["id"] for number in range(5)]
            assert client.get(f"/api/v1/files/{ids[0]}").data == b"0;1"
            stray = "00" * 32
            store.current().put(stray, b"stray")
            foreign = f"{prefix[1:]}/dump.sql".lstrip("/"), f"other/{stray}"
            bucket.objects |= dict.fromkeys(foreign, (b"theirs", datetime.now(UTC)))
            assert len(bucket.objects) == 8
            then = datetime.now(UTC) - timedelta(days=2)
            bucket.objects = {key: (content, then) for key, (content, _) in bucket.objects.items()}
            monkeypatch.setattr(tasks, "AT_ONCE", 2)
            tasks.sweep()
            assert set(foreign) <= bucket.objects.keys()
            assert {key.rpartition("/")[2] for key in bucket.objects.keys() - set(foreign)} == set(ids)
            assert store.current().get(stray) is None
            assert bucket.refused == 0


def test_a_bucket_that_refuses_or_is_down_keeps_nothing(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    with objectstore.running() as bucket:
        app = make_app(sqlite_url, files_url=bucket.url(secret="other"))
        with app.app_context():
            refused(bring(head(app), samples.PDF), 503, "files.store_down")
            assert bucket.refused == 1
        bucket.down = True
        app = make_app(sqlite_url, files_url=bucket.url())
        with app.app_context():
            refused(bring(head(app), samples.PDF), 503, "files.store_down")
            assert db.session.scalars(select(File)).all() == []


def test_a_bucket_is_named_whole_and_asked_under_tls() -> None:
    for url in ("s3://host/bucket", "s3://key@host/bucket", "s3://key:secret@host", "http://key:secret@host/bucket"):
        with pytest.raises(ValueError, match="FILES_URL"):
            store.behind(url)
    assert store.behind("s3://key:secret@host/bucket").tls
    with pytest.raises(StoreDown):
        store.behind("s3://key:secret@127.0.0.1:1/bucket?tls=no").get("ab" * 32)


def test_the_signature_is_the_published_example() -> None:
    """The worked example of the protocol's own documentation: GET of test.txt with a range."""
    credentials = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
    headers = signed(
        credentials,
        "GET",
        "examplebucket.s3.amazonaws.com",
        "/test.txt",
        {},
        b"",
        datetime(2013, 5, 24, tzinfo=UTC),
        {"Range": "bytes=0-9"},
    )
    assert headers["authorization"].endswith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")


@pytest.mark.parametrize(
    ("given", "media", "made"),
    [
        ("IMG_1.HEIC", Media.JPEG, "IMG_1.HEIC.jpg"),
        ("накладная.pdf", Media.PDF, "накладная.pdf"),
        ("photo.png", Media.JPEG, "photo.jpg"),
        ("../../etc/passwd\u202efdp.exe", Media.PDF, "etcpasswdfdp.exe.pdf"),
        ("", Media.CSV, "file.csv"),
        ("a" * 300 + ".pdf", Media.PDF, "a" * 115 + ".pdf"),
        (".pdf", Media.PDF, "pdf.pdf"),
    ],
)
def test_a_name_tells_the_truth_about_the_content(given: str, media: Media, made: str) -> None:
    assert tidy(given, media) == made
