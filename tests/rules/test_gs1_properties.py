"""What must hold for every code and for every text: nothing raises, and what can be undone comes back as it was."""
import html
import random
import urllib.parse
from collections.abc import Callable
from importlib import import_module

import biip
import pytest
from biip.gs1_messages import GS1Message
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core import gs1
from backend.core.gs1.layouts import _KK, _RU, _US

CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# The alphabet of the serials that we make ourselves.
OWN = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TEMPLATE = gs1.Template("footwear", 13)
IN_RUSSIAN = str.maketrans(_US, _RU)
IN_KAZAKH = str.maketrans(_US, _KK)

gtins = st.integers(1, 10**13 - 1).map(lambda n: f"{n:013}").map(lambda body: f"{body}{gs1.check_digit(body)}")
serials = st.text(CSET82, min_size=13, max_size=13)
tails = st.text(BASE64, min_size=86, max_size=86).map(lambda text: text + "==")
codes = st.builds(gs1.build, gtins, serials, st.text(OWN, min_size=3, max_size=3).map("T".__add__), tails)
own_codes = st.builds(gs1.build, gtins, st.text(OWN, min_size=13, max_size=13), st.just("T4a1"), tails)

# mangling -> the repairs that undo it
MANGLINGS: dict[str, tuple[Callable[[str], str], tuple[str, ...]]] = {
    "nothing": (lambda code: code, ()),
    "identifier": (lambda code: f"]d2{code}", ("prefix",)),
    "leading separator": (lambda code: f"\x1d{code}", ("prefix",)),
    "enter": (lambda code: f"{code}\r\n", ()),
    "byte order mark": (lambda code: f"\ufeff{code}", ("invisible",)),
    "Excel": (lambda code: code.replace("\x1d", "_x001D_"), ("gs_notation",)),
    "JSON literal": (lambda code: code.replace("\x1d", "\\u001d"), ("gs_notation",)),
    "symbol for GS": (lambda code: code.replace("\x1d", "␝"), ("gs_notation",)),
    "spaces": (lambda code: code.replace("\x1d", " "), ("gs_notation",)),
    "separators lost": (lambda code: code.replace("\x1d", ""), ("gs_restored",)),
    "first separator lost": (lambda code: code.replace("\x1d", "", 1), ("gs_restored",)),
    "identifier, separators lost": (lambda code: "]d2" + code.replace("\x1d", ""), ("prefix", "gs_restored")),
    "CSV field": (lambda code: '"' + code.replace('"', '""') + '"', ("quotes",)),
}


@pytest.mark.parametrize("mangling", MANGLINGS)
@settings(deadline=None, max_examples=60)
@given(code=codes)
def test_what_was_mangled_is_read_as_it_was(mangling: str, code: str) -> None:
    mangle, repairs = MANGLINGS[mangling]
    scan = gs1.read(mangle(code), None, [TEMPLATE])
    assert (scan.kind, scan.text, scan.problem) == (gs1.Kind.MARK, code, None)
    assert scan.repairs == repairs


@settings(deadline=None, max_examples=200)
@given(code=own_codes)
def test_what_web_pages_do_to_our_own_codes_is_undone(code: str) -> None:
    scan = gs1.read(code)
    ais = scan.ais
    for dirty, repair in ((urllib.parse.quote(code, safe=""), "percent"),
                          (html.escape(code).replace("\x1d", "&#29;"), "gs_notation"),
                          ("".join(f"({ai}){value}" for ai, value in ais.items()), "brackets")):
        found = gs1.read(dirty, None, [TEMPLATE])
        assert found.text == code
        assert repair in found.repairs
    link = gs1.digital_link("https://any.host/stem", ais["01"], ais["21"])
    assert gs1.read(link).identification_code == scan.identification_code


@pytest.mark.parametrize("layout", [IN_RUSSIAN, IN_KAZAKH], ids=["Russian", "Kazakh"])
def test_twenty_thousand_codes_through_a_cyrillic_layout(layout: dict[int, int]) -> None:
    dice = random.Random(20)
    for number in range(20_000):
        body = f"{dice.randrange(1, 10**13):013}"
        code = gs1.build(f"{body}{gs1.check_digit(body)}", "".join(dice.choices(CSET82, k=13)), "T4a1",
                         "".join(dice.choices(BASE64, k=86)) + "==")
        dirty = code if number % 2 else code.replace("\x1d", "")
        scan = gs1.read(dirty.translate(layout), None, [TEMPLATE])
        assert scan.text == code
        assert scan.repairs == (("layout",) if number % 2 else ("layout", "gs_restored"))
        assert "layout" not in gs1.read(code).repairs


@settings(deadline=None, max_examples=300)
@given(text=st.text(st.characters(codec=None)), symbology=st.sampled_from([None, "]d2", "]Q1", "nonsense"]))
def test_no_text_raises(text: str, symbology: str | None) -> None:
    scan = gs1.read(text, symbology, [TEMPLATE])
    assert isinstance(scan.text, str)
    assert (scan.kind is not gs1.Kind.UNREADABLE or scan.problem)
    gs1.foreign(scan)
    gs1.swapped_case(scan)


@settings(deadline=None, max_examples=300)
@given(pieces=st.lists(st.sampled_from(
    ["01", "04870031001118", "21", "(01)", "(21)", "[91]", "%1D", "&amp;", '""', " ", "\x1d", "]d2", "\xe8", "й", "ә",
     "https://a/01/", "/21/", "<GS>", "'", "\\", "\ud800", "\0", "0" * 18, "KZ-", "91T4a1", "92"]), max_size=40))
def test_no_heap_of_half_codes_raises(pieces: list[str]) -> None:
    gs1.read("".join(pieces), None, [TEMPLATE, gs1.Template("dairy", 6, 0, (4,), None, "93")])


@pytest.mark.parametrize("piece", [
    "(", "(01)", "[01]", "%", "%1D", "&amp;", '"', " ", "\x1d", "/", "/01/", "a.", "0", "01", "й", "\ud800", "<GS>",
    "https://", "21", "91T4a192", "\\", "&", "99A\x1d", '(99)%1D&lt;"" a'])
def test_the_readings_tried_do_not_grow_with_the_text(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reading is linear (patterns have fixed lengths or one run), so the whole is if their number is bounded."""
    tried = 0

    def counted(text: str) -> dict[str, str]:
        nonlocal tried
        tried += 1
        return gs1.parse(text)

    monkeypatch.setattr(import_module("backend.core.gs1.read"), "parse", counted)
    for head in ("", "01", "]d2", "010487003100111821", "(01)04870031001118(21)", "https://a/01/"):
        tried = 0
        gs1.read((head + piece * 4096)[:4096], None, [TEMPLATE])
        assert tried <= 2 * 2**7 + 1


@settings(deadline=None, max_examples=200)
@given(gtin=gtins, serial=st.text(CSET82, min_size=1, max_size=20), ais=st.lists(st.sampled_from(
    ["10LOT7", "17301231", "11240229", "240A-1", "3103000195", "8005112000", "93dGVz", "91ffd0", "98x"]), unique=True))
def test_biip_splits_what_we_accept_alike(gtin: str, serial: str, ais: list[str]) -> None:
    """biip is more lenient than we are, so only what we accept is compared; that is what a wrong split would be in."""
    text = f"01{gtin}21{serial}" + "".join(f"\x1d{ai}" for ai in ais)
    mine = gs1.parse(text)
    theirs = GS1Message.parse(text)
    assert list(mine.items()) == [(one.ai.ai, one.value) for one in theirs.element_strings]


@settings(deadline=None, max_examples=200)
@given(digits=st.text("0123456789", min_size=8, max_size=14))
def test_biip_finds_the_same_gtins(digits: str) -> None:
    for text in (digits, digits[:-1] + str(gs1.check_digit(digits[:-1]))):
        try:
            mine = gs1.gtin14(text)
        except ValueError:
            mine = None
        try:
            theirs = biip.gtin.Gtin.parse(text).as_gtin_14() if int(text) else None
        except biip.ParseError:
            theirs = None
        assert mine == theirs


@settings(deadline=None, max_examples=200)
@given(code=codes, other=st.integers(14, 20))
def test_a_lost_separator_is_never_guessed(code: str, other: int) -> None:
    lost = code.replace("\x1d", "")
    assert gs1.read(lost).problem == "gs_lost"
    scan = gs1.read(lost, None, [TEMPLATE, gs1.Template("other", other)])
    assert scan.text == code or scan.kind is gs1.Kind.UNREADABLE
