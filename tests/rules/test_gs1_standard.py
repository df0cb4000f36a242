"""Vectors that others published: GS1's own engine, public marking codes, Kazakhstan's catalogue numbers.

They are not in the repository: conftest names the folder, and says when there is none. What lies outside our scope is
left out by rule, with its reason.
"""
import json
from typing import Any

import pytest

from backend.core import gs1
from backend.core.gs1.digital_link import escape, unescape
from backend.core.gs1.elements import collect, split_bracketed
from tests.conftest import vectors_folder

FOLDER = vectors_folder()
FILES = ("ai_associations", "check_digits", "cis_codes", "cis_digital_link", "digital_link_generate",
         "digital_link_parse", "element_strings_bracketed", "element_strings_raw", "kz_ntin", "scan_data", "uri_escape")
# Groups that the public codes come from: the shapes that their separators are restored by.
TEMPLATES = (gs1.Template("footwear", 13), gs1.Template("dairy", 6, 0, (4,), None, "93"))
GS1_SYMBOLS = {"QR", "DM", "DotCode", "DataBarExpanded", "GS1_128_CCA"}

# rule -> reason
OUT_OF_SCOPE = {
    "coupon": "AI 8110 and 8112 are North American shop coupons; we judge their characters and length alone",
    "aliases": "words for identifiers in links were removed from the standard in 1.3",
    "unknown": "we never write identifiers that the standard does not have",
    "composite": "composite symbols carry retail data that no marking system uses",
    "plain_symbols": "what a symbol without GS1 data says is not for an element parser",
}


def everything(name: str) -> list[dict[str, Any]]:
    return [] if FOLDER is None else json.loads((FOLDER / "gs1" / f"{name}.json").read_text("utf-8"))["vectors"]


def load(name: str) -> list[Any]:
    return [pytest.param(vector, id=vector["id"]) for vector in everything(name) if left_out(vector) is None]


def left_out(vector: dict[str, Any]) -> str | None:
    options = vector.get("options", {})
    if vector.get("error", "").startswith("COUPON_"):
        return "coupon"
    if options.get("convenience_alphas"):
        return "aliases"
    if options.get("permit_unknown_ai"):
        return "unknown"
    if "expected_symbology" in vector and ("|" in vector["input"] or vector["input"].startswith("]E")):
        return "composite"
    if vector.get("direction") == "generate":
        return "plain_symbols"
    return None


def test_every_exclusion_has_its_reason() -> None:
    rules = {left_out(vector) for name in FILES for vector in everything(name)}
    assert rules <= OUT_OF_SCOPE.keys() | {None}
    assert FOLDER is None or len(rules) == len(OUT_OF_SCOPE) + 1, "a reason that excludes nothing"


def ais_of(text: str, cut: Any) -> dict[str, str] | None:
    try:
        return collect(cut(text))
    except gs1.ElementError:
        return None


@pytest.mark.parametrize("vector", load("element_strings_raw"))
def test_raw_element_string(vector: dict[str, Any]) -> None:
    scan = gs1.read(vector["input"])
    if vector["valid_with_associations"]:
        assert [list(pair) for pair in scan.ais.items()] == vector["expected_ais"]
        assert scan.repairs == ("prefix",)
    else:
        assert scan.kind is gs1.Kind.UNREADABLE
        assert scan.problem


@pytest.mark.parametrize("vector", load("element_strings_bracketed") + load("ai_associations"))
def test_bracketed_element_string(vector: dict[str, Any]) -> None:
    ais = ais_of(vector["input"], split_bracketed)
    assert (ais is not None) == vector.get("valid_with_associations", vector["valid"])
    if ais is not None and "expected_raw" in vector:
        assert gs1.parse(vector["expected_raw"]) == ais


@pytest.mark.parametrize("vector", load("scan_data"))
def test_scanner_output(vector: dict[str, Any]) -> None:
    scan = gs1.read(vector["input"])
    caret = vector.get("expected_data_caret", "")
    if caret.startswith("^"):
        assert gs1.parse(caret[1:].replace("^", gs1.GS)) == scan.ais
        assert scan.repairs == ("prefix",)
    elif caret.lower().startswith("http") and caret[:4] in ("http", "HTTP"):
        assert scan.ais == gs1.parse_digital_link(caret)
    else:
        assert scan.kind in (gs1.Kind.OTHER, gs1.Kind.UNREADABLE) or "https" in scan.text or scan.repairs


@pytest.mark.parametrize("vector", load("digital_link_parse"))
def test_digital_link(vector: dict[str, Any]) -> None:
    short = vector["options"].get("permit_zero_suppressed_gtin", False)
    try:
        ais = gs1.parse_digital_link(vector["input"], short)
    except gs1.LinkError:
        assert not vector["valid"]
        return
    assert vector["valid"]
    assert [list(pair) for pair in ais.items()] == vector["expected_ais"]
    assert gs1.parse(vector["expected_raw"]) == ais
    # The canonical form of 235 beside 10 depends on which of them stood in the path, which no element string tells.
    if "canonical_uri" in vector and not {"235", "10"} <= ais.keys():
        assert gs1.link_of("https://id.gs1.org", ais.items()) == vector["canonical_uri"]


@pytest.mark.parametrize("vector", load("digital_link_generate"))
def test_digital_link_made(vector: dict[str, Any]) -> None:
    ais = ais_of(vector["input"], split_bracketed)
    assert ais is not None
    try:
        made = gs1.link_of(vector["stem"] or "https://id.gs1.org", ais.items())
    except gs1.LinkError:
        made = None
    assert made == vector.get("expected_uri")


@pytest.mark.parametrize("vector", load("cis_digital_link"))
def test_marking_code_as_digital_link(vector: dict[str, Any]) -> None:
    ais = gs1.parse(vector["element_string"])
    assert gs1.link_of("https://id.example.kz", ais.items()) == vector["dl_uri"]
    assert gs1.digital_link("https://id.example.kz/", ais["01"], ais["21"]) == vector["dl_uri_ki"]
    assert [list(pair) for pair in gs1.parse_digital_link(vector["dl_uri"]).items()] == vector["roundtrip_ais"]
    assert gs1.read(vector["dl_uri_ki"]).identification_code == vector["ki"]


@pytest.mark.parametrize("vector", load("uri_escape"))
def test_percent_escapes(vector: dict[str, Any]) -> None:
    if vector["op"] == "escape":
        assert escape(vector["input"]) == vector["expected_path"] == vector["expected_query"]
    else:
        assert unescape(vector["input"]) == vector["expected_path"]
        assert unescape(vector["input"], query=True) == vector["expected_query"]


@pytest.mark.parametrize("vector", load("check_digits"))
def test_check_digits(vector: dict[str, Any]) -> None:
    text, kind = vector["input"], vector["kind"]
    if kind == "compute_check_digit":
        assert gs1.check_digit(text) == vector["expected_check_digit"]
    elif kind == "SSCC":
        assert gs1.is_sscc(text) == vector["valid"]
    elif kind == "GLN":
        assert (len(text) == 13 and gs1.is_checked(text)) == vector["valid"]
    elif vector["valid"] and "reject_reason" not in vector:
        assert gs1.gtin14(text) == vector.get("expected", text.zfill(14))
    else:
        with pytest.raises(ValueError):
            gs1.gtin14(text)


@pytest.mark.parametrize("vector", load("kz_ntin"))
def test_national_catalogue_number(vector: dict[str, Any]) -> None:
    expected = vector["kind"] if vector.get("valid", vector.get("valid_format")) else None
    assert gs1.national_number(vector["input"]) == expected
    assert gs1.read(vector["input"]).ntin == (vector["input"] if expected else None)


@pytest.mark.parametrize("vector", load("cis_codes"))
def test_public_marking_code(vector: dict[str, Any]) -> None:
    scan = gs1.read(vector["input"], None, TEMPLATES)
    if vector.get("dirty"):
        assert scan.identification_code == vector["normalised_ki"]
        assert scan.repairs or vector["dirty"] == "GS"
    elif vector.get("non_gs1") and vector["group"] == "fur":
        assert scan.kind is gs1.Kind.FUR
        assert scan.fur == vector["input"]
    elif vector.get("non_gs1"):
        assert scan.kind is gs1.Kind.TOBACCO
        assert (scan.gtin, scan.serial) == (vector["gtin"], vector["serial"])
    elif vector["engine_ai_level_ok"]:
        assert scan.kind is gs1.Kind.MARK
        assert scan.repairs == ()
        assert [list(pair) for pair in scan.ais.items()] == vector["expected_ais"]
        assert scan.identification_code == vector["ki"]
    else:
        assert scan.kind is gs1.Kind.UNREADABLE
        assert scan.problem == ("check_digit" if not vector["gtin_check_digit_ok"] else "length")
