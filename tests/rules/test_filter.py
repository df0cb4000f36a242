"""The withdrawn list: right for every issued code, the same bytes for the same sets, small, read in browsers alike."""
import base64
import hashlib
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.codes.filter import Filter, build

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "withdrawn.json").read_text("utf-8"))


def keys(count: int, seed: int = 1) -> list[int]:
    dice = random.Random(seed)
    return [dice.getrandbits(64) for _ in range(count)]


def wrong_answers(body: bytes, issued: list[int], withdrawn: list[int]) -> int:
    made, marked = Filter.parse(body), set(withdrawn)
    return sum(made.contains(key) != (key in marked) for key in issued)


@pytest.mark.parametrize(("issued", "withdrawn"), [
    (0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (100, 1), (1_000, 10), (1_000, 500), (1_000, 999), (1_000, 1_000),
    (20_000, 20), (20_000, 200), (20_000, 2_000), (20_000, 18_000), (20_000, 20_000)])
def test_every_issued_code_is_answered_right(issued: int, withdrawn: int) -> None:
    every = keys(issued)
    body = build(every, every[:withdrawn])
    assert wrong_answers(body, every, every[:withdrawn]) == 0
    made = Filter.parse(body)
    assert (made.issued, made.withdrawn) == (issued, withdrawn)


@settings(deadline=None, max_examples=60)
@given(every=st.sets(st.integers(0, 2**64 - 1), max_size=200), data=st.data())
def test_any_sets_are_answered_right(every: set[int], data: st.DataObject) -> None:
    listed = data.draw(st.sets(st.sampled_from(sorted(every)))) if every else set()
    assert wrong_answers(build(every, listed), list(every), list(listed)) == 0


def test_size_stays_near_the_information_bound() -> None:
    """100 000 issued, 1 % withdrawn: the bound is 1 010 bytes, 2 kB buy certainty; hashes would take 8 000."""
    every = keys(100_000)
    assert len(build(every, every[:1_000])) <= 2_100
    body = build(every, every[:10_000])
    assert len(body) <= 1.15 * 5_862, "10 %: the bound is 5 862 bytes"
    assert len(build(every, every)) == len(build(every, [])) == 24


@pytest.mark.parametrize(("issued", "withdrawn"), [(100, 1), (5_000, 50), (300, 300)])
def test_a_small_list_hardly_ever_hits_codes_issued_later(issued: int, withdrawn: int) -> None:
    every = keys(issued)
    body = build(every, every[:withdrawn])
    assert len(body) <= 2_100
    assert body[5] >= 16
    made = Filter.parse(body)
    assert not any(made.contains(key) for key in keys(20_000, seed=9))


def test_order_and_repetition_change_nothing() -> None:
    every = keys(3_000)
    shuffled = random.Random(2).sample(every, len(every))
    assert build(every, every[:30]) == build(shuffled + every[:5], every[:30][::-1])
    assert build(every, every[:30]) != build(every, every[1:31])


def test_what_was_never_issued_cannot_be_withdrawn() -> None:
    with pytest.raises(ValueError):
        build([1, 2], [3])
    for key in (-1, 2**64):
        with pytest.raises(ValueError):
            build([key, 1], [1])


def test_another_format_is_refused() -> None:
    body = build(keys(1_000), keys(1_000)[:10])
    for bad in (b"", body[:23], body[:-1], body + b"\0", b"TBW2" + body[4:], body[:4] + b"\x03" + body[5:],
                body[:4] + b"\x02\0\0\0" + bytes(16), body[:5] + b"\x21" + body[6:]):
        with pytest.raises(ValueError):
            Filter.parse(bad)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_the_files_that_the_browser_reads(vector: dict[str, str]) -> None:
    """The bytes are fixed: a change of format or arithmetic needs a new version, for old lists are on phones."""
    codes = [f"010487003100111821{number:013}" for number in range(int(vector["issued"]))]
    hashes = [int.from_bytes(hashlib.sha256(code.encode()).digest()[:8], "big") for code in codes]
    withdrawn = hashes[: int(vector["withdrawn"])]
    assert base64.b64encode(build(hashes, withdrawn)).decode() == vector["body"]
    assert wrong_answers(base64.b64decode(vector["body"]), hashes, withdrawn) == 0
