"""Building codes and numbers: what is made is valid, and what cannot be valid is refused."""
import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as BIIP_TABLE
from biip.gs1_prefixes import GS1Prefix

from backend.core import gs1
from backend.core.gs1 import table
from backend.core.gs1.check_digits import has_check_pair

GTIN = "04870031001118"
TAIL = "A" * 86 + "=="
ROOT = Path(__file__).parents[2]


def test_a_code_is_built_with_separators_only_where_needed() -> None:
    assert gs1.build(GTIN, "abc") == f"01{GTIN}21abc"
    assert gs1.build(GTIN, "abc", "T4a1", TAIL) == f"01{GTIN}21abc\x1d91T4a1\x1d92{TAIL}"
    assert gs1.bracketed(GTIN, "abc") == f"[01]{GTIN}[21]abc"
    assert gs1.bracketed(GTIN, "abc", "T4a1", TAIL) == f"[01]{GTIN}[21]abc[91]T4a1[92]{TAIL}"


@pytest.mark.parametrize("parts", [
    ("04870031001119", "abc"), ("4870031001118", "abc"), ("0" * 14, "abc"), (GTIN, ""), (GTIN, "a" * 21),
    (GTIN, "a b"), (GTIN, "a[b"), (GTIN, "a\x1db"), (GTIN, "әріп"), (GTIN, "abc", "T4a1"), (GTIN, "abc", None, TAIL),
    (GTIN, "abc", "T4a1", ""), (GTIN, "abc", "T4a1", "a\x1d93x"), (GTIN, "abc", "", TAIL)])
def test_what_is_no_code_is_not_built(parts: tuple[str | None, ...]) -> None:
    for make in (gs1.build, gs1.bracketed):
        with pytest.raises(ValueError):
            make(*parts)


def test_links_carry_no_tail_and_escape_the_serial() -> None:
    assert gs1.digital_link("https://id.example.kz/", GTIN, "5%a/b") == f"https://id.example.kz/01/{GTIN}/21/5%25a%2Fb"
    with pytest.raises(ValueError):
        gs1.digital_link("https://id.example.kz", "1", "a")


def test_packages_are_numbered_with_a_check_digit() -> None:
    assert gs1.sscc("3487000100", 42) == "348700010000000425"
    assert all(gs1.is_sscc(gs1.sscc("34870001", n)) for n in range(200))
    for prefix, n in (("3487000100", 10**7), ("3487000100", -1), ("3" * 17, 1), ("", 1), ("x", 1)):
        with pytest.raises(ValueError):
            gs1.sscc(prefix, n)


@pytest.mark.parametrize("text", ["", "1", "12345678", "96385074 ", "٩٦٣٨٥٠٧٤", "9638507", "963850741", "0" * 8])
def test_what_is_no_gtin_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        gs1.gtin14(text)


def test_check_digit_wants_digits() -> None:
    for text in ("", "12a", "١٢"):
        with pytest.raises(ValueError):
            gs1.check_digit(text)
        assert not gs1.is_checked(text)


def test_check_pair_of_the_general_specifications() -> None:
    # The example of General Specifications 7.9.5.
    assert has_check_pair("1987654Ad4X4bL5ttr2310c2K")
    assert not has_check_pair("1987654Ad4X4bL5ttr2310c2L")
    assert not has_check_pair("2K")


def test_a_scan_cannot_be_changed() -> None:
    scan = gs1.read(GTIN)
    with pytest.raises(FrozenInstanceError):
        scan.kind = gs1.Kind.MARK


def test_the_table_agrees_with_biip() -> None:
    """Same identifiers, lengths and separators; biip's patterns know no rules, so only lengths are compared."""
    theirs = {one.ai: one for one in BIIP_TABLE.values()}
    assert theirs.keys() == table.IDENTIFIERS.keys()
    for ai, one in table.IDENTIFIERS.items():
        assert (one.predefined is None) == theirs[ai].separator_required, ai


def test_every_first_two_digits_say_how_long_an_identifier_is() -> None:
    assert len({(ai[:2], len(ai)) for ai in table.IDENTIFIERS}) == len(table.AI_LENGTHS)


def test_the_browser_reads_the_same_table() -> None:
    mine = (ROOT / "backend/core/gs1/ai_table.json").read_text("utf-8")
    assert json.loads((ROOT / "pwa/src/domain/ai-table.json").read_text("utf-8")) == json.loads(mine)


@pytest.mark.parametrize(("prefix", "country", "organisation"), [
    ("460", "RU", "GS1 Russia"), ("469", "RU", "GS1 Russia"), ("478", "UZ", "GS1 Uzbekistan"),
    ("470", "KG", "GS1 Kyrgyzstan"), ("481", "BY", "GS1 Belarus"), ("485", "AM", "GS1 Armenia"),
    ("487", "KZ", "GS1 Kazakstan"), ("690", None, "GS1 China"), ("400", None, "GS1 Germany")])
def test_prefixes_are_those_of_gs1(prefix: str, country: str | None, organisation: str) -> None:
    found = GS1Prefix.extract(prefix + "000000000")
    assert found is not None
    assert found.usage == organisation
    body = f"1{prefix}000000000"
    assert gs1.country_of(f"{body}{gs1.check_digit(body)}") == country
    eight = f"{prefix}0001"
    assert gs1.country_of(f"000000{eight}{gs1.check_digit(eight)}") == country


def test_caps_lock_swaps_letters_of_serial_and_tail_alone() -> None:
    scan = gs1.swapped_case(gs1.read("010487003100111821Ab-1\x1d91T4a1\x1d92xY="))
    assert scan is not None
    assert scan.text == "010487003100111821aB-1\x1d91t4A1\x1d92Xy="
    assert scan.repairs == ("case",)
    assert (scan.serial, scan.key_id, scan.tail) == ("aB-1", "t4A1", "Xy=")
    assert gs1.swapped_case(gs1.read("010487003100111821123")) is None
    assert gs1.swapped_case(gs1.read("4870031001118")) is None
