"""The bench judges rightly: ratios from figures, budgets as promised, and an exit code that says when one is broken.

Nothing is timed here."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import bench
from backend.bench import first_load, groups, load, questions
from backend.bench.budgets import BUDGETS, Side
from backend.bench.rows import Result, Row, Unmeasured, exit_code, median
from backend.settings import ROOT

PROMISED = {
    "verify": ("≥", 0.5, "×"),
    "growth": ("≤", 1.3, "×"),
    "emission": ("≥", 0.5, "×"),
    "act": ("≤", 3, "×"),
    "others wait": ("≤", 1.0, "s"),
    "stock": ("≤", 1.5, "×"),
    "stock counted": ("≤", 0.25, "×"),
    "stock kinds": ("≤", 4, "×"),
    "signature": ("≤", 0.2, "s"),
    "labels": ("≥", 0.4, "×"),
    "labels memory": ("≤", 1.1, "×"),
    "photo": ("≤", 1.5, "×"),
    "photo found": ("≥", 1, "×"),
    "first load": ("≤", 60, "KB"),
    "fonts": ("≤", 40, "KB"),
    "decoder": ("≤", 420, "KB"),
    "sign chunk": ("≤", 100, "KB"),
    "long list": ("≤", 1.3, "×"),
    "camera": ("≤", 1.0, "s"),
    "performance": ("≥", 95, "points"),
    "lighthouse": ("≥", 100, "points"),
}


def row(ours: float, yardstick: float | None = 100.0, kept_by: str = "verify") -> Row:
    return Row("a row", kept_by, ours, yardstick, "/s")


def test_budgets_are_what_was_promised() -> None:
    assert {name: (one.side.value, one.limit, one.unit) for name, one in BUDGETS.items()} == PROMISED


def test_a_ratio_is_ours_over_the_yardstick() -> None:
    assert row(55).ratio == 0.55
    assert row(55, None).ratio is None


@pytest.mark.parametrize(
    ("one", "within"),
    [
        (row(50), True),
        (row(49.9), False),
        (row(300, kept_by="act"), True),
        (row(301, kept_by="act"), False),
        (row(60, None, "first load"), True),
        (row(60.1, None, "first load"), False),
        (row(99, None, "lighthouse"), False),
        (row(29, 30, "photo found"), False),
    ],
)
def test_a_budget_holds_up_to_its_limit_and_no_further(one: Row, within: bool) -> None:
    assert one.within is within
    assert str(one).endswith("within" if within else "OUT")
    assert one.plain()["within"] is within


def test_both_sides_are_judged() -> None:
    assert {one.side for one in BUDGETS.values()} == {Side.LEAST, Side.MOST}


def test_a_row_out_of_budget_ends_with_1() -> None:
    assert exit_code([row(60), Unmeasured("another", "no browser")]) == 0
    assert exit_code([row(60), row(40)]) == 1


def test_the_median_was_measured() -> None:
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert median([4.0, 1.0, 2.0, 3.0]) == 2.0


def test_the_command_prints_writes_and_judges(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def good(large: bool) -> Iterator[Result]:
        yield row(60)
        yield Unmeasured("large", str(large))

    def bad(large: bool) -> Iterator[Result]:
        yield row(40)

    monkeypatch.setattr(groups, "GROUPS", {"good": good, "bad": bad})
    written = tmp_path / "rows.json"
    assert bench.main(["--only", "good", "--large", "--json", str(written)]) == 0
    assert [one["name"] for one in json.loads(written.read_text())] == ["a row", "large"]
    assert "not measured: True" in capsys.readouterr().out
    assert bench.main([]) == 1
    assert "OUT" in capsys.readouterr().out


def test_an_unknown_group_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backend.bench", "--only", "speed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "invalid choice: 'speed'" in done.stderr


def test_requests_travel_in_a_file() -> None:
    requests = [b"GET / HTTP/1.1\r\n\r\n", b"", bytes(range(256))]
    assert load.unpack(load.pack(requests)) == requests


def test_both_sides_are_asked_for_the_same_code() -> None:
    text = "010487000000001621ABCDEFGHJKMNP\x1d91T001\x1d92" + "A" * 88
    asked = questions.asked_of_us(text)
    head, _, body = asked.partition(b"\r\n\r\n")
    assert json.loads(body)["code"] == text
    assert f"Content-Length: {len(body)}".encode() in head
    assert isinstance(questions.environ(text)["wsgi.input"], io.BytesIO)
    # SHA-256 over the identification code, without the tail.
    assert questions.asked_of_yardstick(text) == questions.asked_of_yardstick(text.split("\x1d")[0])


class Asked:
    """A request as the browser reports it."""

    def __init__(self, url: str, resource_type: str):
        self.url, self.resource_type = url, resource_type


@pytest.mark.parametrize(
    ("url", "resource_type", "kind"),
    [
        ("/", "document", "page"),
        ("/assets/index-1.js", "script", "page"),
        ("/assets/index-1.css", "stylesheet", "page"),
        ("/assets/onest-latin-1.woff2", "font", "fonts"),
        ("/assets/decoder.worker-1.js", "script", "decoder"),
        ("/assets/zxing_reader-1.wasm", "fetch", "decoder"),
        ("/icons/tamga.svg", "image", "other"),
    ],
)
def test_what_is_loaded_is_weighed_as_what_it_is(url: str, resource_type: str, kind: str) -> None:
    assert first_load.kind_of(Asked(url, resource_type)) == kind
