"""Revocation lists as they arrive: believed once, kept on disk, searched in their own bytes, amended by deltas."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import clock
from backend.settings import load
from backend.signatures import asking, certificates, crl, revocation, tasks, trust
from backend.signatures.certificates import Certificate
from backend.signatures.crl import ListRefused
from backend.signatures.lists import StoredLists
from backend.signatures.revocation import Status
from tests import signing
from tests.signing import gost_hierarchy, leaf, revocation_list

REMOVED = 8


def national() -> signing.Hierarchy:
    return gost_hierarchy("LISTS")


def issuer() -> Certificate:
    return certificates.read(national().issuing)


def made(*entries: tuple[int, int | None], **changes: object) -> bytes:
    since = clock.now() - timedelta(minutes=1)
    return revocation_list(national().issuing, national().issuing_key, entries, **{"since": since} | changes)


def test_a_list_that_names_its_algorithm_in_two_ways_is_read() -> None:
    """The national authority leaves the NULL out inside; other readers refuse such lists."""
    accepted = crl.accept(made((5, None), null_inside=False), issuer())
    assert crl.find(accepted, 5) is not None


def test_a_list_without_an_end_says_nothing() -> None:
    with pytest.raises(ListRefused, match="list_not_current"):
        crl.accept(made(due=None), issuer())


@settings(max_examples=25, deadline=None)
@given(serials=st.sets(st.integers(1, 2**159), max_size=40), asked=st.integers(1, 2**159))
def test_a_number_is_found_where_it_stands_and_nowhere_else(serials: set[int], asked: int) -> None:
    accepted = crl.accept(made(*((serial, None) for serial in serials)), issuer())
    for serial in (*serials, asked):
        assert (crl.find(accepted, serial) is not None) is (serial in serials)


def test_bytes_that_look_like_a_number_are_no_entry() -> None:
    """The DER of 1 is 02 01 01, which also stands inside the serial number below."""
    accepted = crl.accept(made((int.from_bytes(b"\x11\x02\x01\x01\x17\x0d", "big"), None)), issuer())
    assert crl.find(accepted, 1) is None


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10_000), value=st.integers(0, 255), cut=st.booleans())
def test_no_bytes_break_the_reader(place: int, value: int, cut: bool) -> None:
    good = _good()
    spoilt = bytearray(good)
    spoilt[place % len(good)] = value
    damaged = bytes(spoilt[: place % len(good)] if cut else spoilt)
    try:
        crl.accept(damaged, issuer())
    except ListRefused:
        return
    # Outside what was signed only the algorithm's parameters are free.
    assert _signed(damaged) == _signed(good)


@lru_cache
def _good() -> bytes:
    return made((leaf().serial, 1))


def _signed(data: bytes) -> bytes:
    found = crl.outline(data)
    return data[found.signed.start : found.signed.end] + found.signature


def decided(*lists: bytes, serial: int) -> revocation.Decision:
    accepted = tuple(crl.accept(one, issuer()) for one in lists)
    return revocation.by_lists(replace(leaf(), serial=serial), accepted, clock.now())


def test_a_delta_adds_and_takes_back() -> None:
    full, delta = made((5, 6), (6, 1), number=10), made((7, 1), (5, REMOVED), number=11, base=10)
    assert decided(full, serial=5).status is Status.REVOKED
    assert decided(full, delta, serial=5).status is Status.OK
    assert decided(full, delta, serial=6).status is Status.REVOKED
    assert decided(full, serial=7).status is Status.OK
    found = decided(full, delta, serial=7)
    assert found.status is Status.REVOKED
    assert found.revoked_at is not None
    assert [one["number"] for one in found.evidence["lists"]] == [10, 11]


@pytest.mark.parametrize(("number", "base"), [(9, 8), (11, 11), (None, 10)])
def test_a_delta_of_another_list_changes_nothing(number: int | None, base: int) -> None:
    """Older than our list, begun after it, or without a number."""
    full, delta = made(number=10), made((7, 1), number=number, base=base)
    assert decided(full, delta, serial=7).status is Status.OK


def test_a_delta_alone_says_nothing() -> None:
    assert decided(made((7, 1), number=11, base=10), serial=7).status is Status.PENDING


def test_the_largest_lists_are_named_and_not_copied() -> None:
    small, large = made((1, None)), made(*((serial, None) for serial in range(1, 13_000)))
    assert len(large) > revocation.LARGEST_KEPT
    assert [len(decided(one, serial=1).sources) for one in (small, large)] == [1, 0]
    assert decided(large, serial=1).evidence["lists"][0]["number"] == 1


def test_lists_are_kept_by_issuer_and_kind(tmp_path: Path) -> None:
    stored = StoredLists(tmp_path / "crl")
    assert stored.of(issuer()) == ()
    known = (certificates.read(national().root), issuer())
    first = made((5, None), number=1)
    stored.keep([first[:100], first[100:]], known)
    stored.keep([made((7, 1), number=2, base=1)], known)
    full, delta = stored.of(issuer())
    assert (full.number, delta.number, delta.base) == (1, 2, 1)
    assert crl.find(delta, 7) is not None
    assert stored.of(known[0]) == ()
    stored.keep([made((5, None), number=3)], known)
    assert [one.number for one in stored.of(issuer())] == [3, 2]
    assert len(list((tmp_path / "crl").glob("*.crl"))) == 2


def test_only_sound_and_newer_lists_replace_what_is_there(tmp_path: Path) -> None:
    stored, known = StoredLists(tmp_path / "crl"), (issuer(),)
    stored.keep([made((5, None), number=5)], known)
    older = made(number=4, since=clock.now() - timedelta(days=1), due=timedelta(days=9))
    spoilt = made(number=6)[:-1] + b"\x00"
    stranger = gost_hierarchy("STRANGER")
    foreign = revocation_list(stranger.issuing, stranger.issuing_key, number=7)
    for wrong in (older, spoilt, foreign, b"", b"<html>"):
        with pytest.raises(ListRefused):
            stored.keep([wrong], known)
    assert [one.number for one in stored.of(issuer())] == [5]
    assert len(list((tmp_path / "crl").iterdir())) == 2


def test_a_spoilt_folder_says_nothing(tmp_path: Path) -> None:
    stored = StoredLists(tmp_path)
    stored.keep([made(number=1)], (issuer(),))
    (pointer,) = tmp_path.glob("*.json")
    for text in ("{", "[]", json.dumps({"file": "missing.crl", "sha256": ""})):
        pointer.write_text(text)
        assert stored.of(issuer()) == ()


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server on this machine; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_POST = do_GET

        def log_message(self, *_parts: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def plain(body: bytes, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Location", "http://127.0.0.1:9/")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_responder_is_asked_over_http() -> None:
    asked: list[tuple[str, bytes]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        asked.append((handler.headers["Content-Type"], body))
        plain(signing.authority().answer(body))(handler)

    with serving(answer) as url:
        here = replace(signing.world(), status=asking.responder(url))
        chain = (leaf(), *here.authorities)
        assert revocation.decide(chain, here, clock.now()).evidence["by"] == "ocsp"
    assert asked[0][0] == "application/ocsp-request"


@pytest.mark.parametrize(
    "answer",
    [plain(b"x", 302), plain(b"x", 500), plain(b"x" * (asking.LARGEST_ANSWER + 1))],
    ids=["redirect", "error", "too large"],
)
def test_what_is_no_answer_is_silence(answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
    with serving(answer) as url:
        assert asking.responder(url)(b"request") is None


def test_nobody_there_is_silence() -> None:
    with serving(plain(b"")) as url:
        gone = url
    assert asking.responder(gone)(b"request") is None
    assert asking.responder("file:///etc/passwd")(b"request") is None
    assert asking.responder("") is None


def test_a_server_that_never_ends_is_left() -> None:
    """Every piece arrives in time, the whole does not."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 1024)
        except OSError:
            return

    with serving(drip) as url, pytest.raises(asking.Unreachable):
        list(asking.answer("GET", url, None, {}, largest=10**9, seconds=0.2))


def test_the_lists_are_fetched_by_a_job(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    full, spoilt = made((leaf().serial, 1), number=4), made(number=5)[:-1] + b"\x00"
    with serving(plain(full)) as good, serving(plain(spoilt)) as bad, serving(plain(b"", 404)) as gone:
        app = make_app(sqlite_url, trust_profile="nca-test", crl_urls=(gone, bad, good))
        folder = app.config["SETTINGS"].instance / "trust" / "nca-test"
        folder.mkdir(parents=True)
        (folder / "issuing.cer").write_bytes(national().issuing)
        (folder / "root.cer").write_bytes(national().root)
        with app.app_context():
            tasks.refresh_lists()
    here = trust.active(app.config["SETTINGS"])
    (held,) = here.lists(issuer())
    assert held.number == 4
    assert revocation.by_lists(leaf(), (held,), clock.now()).status is Status.REVOKED


def test_what_was_fetched_is_left_in_peace_for_half_an_hour(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    """What could not be kept is asked for at each run, what was kept half-hourly."""
    asked: list[str] = []

    def counting(name: str, body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            asked.append(name)
            plain(body)(handler)

        return answer

    with serving(counting("good", made(number=4))) as good, serving(counting("bad", b"noise")) as bad:
        app = make_app(sqlite_url, trust_profile="nca-test", crl_urls=(good, bad))
        folder = app.config["SETTINGS"].instance / "trust" / "nca-test"
        folder.mkdir(parents=True)
        (folder / "issuing.cer").write_bytes(national().issuing)
        with app.app_context():
            tasks.refresh_lists()
            tasks.refresh_lists()
            with clock.at(clock.now() + timedelta(minutes=30)):
                tasks.refresh_lists()
    assert asked == ["good", "bad", "bad", "good", "bad"]


def test_the_development_profile_fetches_nothing(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    app = make_app(sqlite_url, crl_urls=("http://127.0.0.1:9/",))
    with app.app_context():
        tasks.refresh_lists()
    assert not (app.config["SETTINGS"].instance / "trust").exists()


def test_addresses_follow_the_profile_unless_they_are_set(tmp_path: Path) -> None:
    base = {"TANBA_INSTANCE": str(tmp_path)}
    assert load(base).ocsp_url == ""
    national_ = load(base | {"TANBA_TRUST_PROFILE": "nca-prod"})
    assert national_.ocsp_url == "http://ocsp.pki.gov.kz/"
    assert national_.tsa_url == "http://tsp.pki.gov.kz/"
    assert len(national_.crl_urls) == 6
    own = {"TANBA_OCSP_URL": "", "TANBA_CRL_URLS": "http://a/1,http://a/2", "TANBA_TSA_URL": "http://t/"}
    given = load(base | {"TANBA_TRUST_PROFILE": "nca-prod"} | own)
    assert (given.ocsp_url, given.crl_urls, given.tsa_url) == ("", ("http://a/1", "http://a/2"), "http://t/")
