"""Product groups are data: ours say what the law says, and a faulty file stops the start."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.catalogue import groups
from backend.catalogue.groups import Group
from backend.catalogue.rules import attribute_faults, is_local, missing, tnved_faults
from backend.core import gs1

OURS = groups.load(groups.OWN)


def test_footwear() -> None:
    footwear = OURS["footwear"]
    assert footwear.tnved == ("6401", "6402", "6403", "6404", "6405")
    assert (footwear.price_tiyn, footwear.label.minimum_mm) == (268, 20)
    assert footwear.template == gs1.Template("footwear", 13, 4, (88, 44), "91", "92")
    assert {one.rule: one.on for one in footwear.dates} == {
        "production_import_marked_only": date(2021, 11, 1),
        "sale_marked_only": date(2022, 4, 1),
        "remains_marking_until": date(2022, 11, 1),
    }
    assert footwear.flags.eaeu_import_needs_kz_mark
    assert footwear.deadlines.model_dump() == {
        "applying_days": 30,
        "acceptance_working_days": 15,
        "withdrawal_working_days": 3,
    }


def test_fur() -> None:
    fur = OURS["fur"]
    assert (fur.tnved, fur.price_tiyn, fur.template) == (("4303",), 40_000, None)
    assert not fur.flags.eaeu_import_needs_kz_mark


def test_serials_are_drawn_without_look_alikes() -> None:
    alphabet = OURS["footwear"].code.alphabet
    assert alphabet.isalnum()
    assert alphabet.isascii()
    assert not set(alphabet) & set("0OIl1")
    assert len(set(alphabet)) == 57


@pytest.mark.parametrize("group", OURS.values(), ids=lambda group: group.id)
def test_buyers_have_something_to_compare(group: Group) -> None:
    assert sum(one.compare for one in group.attributes) >= 4
    assert {"size", "colour", "model"} <= {one.code for one in group.attributes}


def test_a_value_in_words() -> None:
    colour = OURS["footwear"].attribute("colour")
    assert (colour.words("black", "kk"), colour.words("black", "ru")) == ("Қара", "Чёрный")
    assert OURS["footwear"].attribute("size").words("42", "kk") == "42"
    measured = groups.Attribute(code="heel", names=colour.names, kind="number", required=False, compare=True, unit="мм")
    assert measured.words("45", "kk") == "45 мм"


def third(**changes: Any) -> dict[str, Any]:
    names = {"kk": "Сыра", "ru": "Пиво", "en": "Beer"}
    group = {
        "id": "beer",
        "names": names,
        "code": {
            "kind": "gs1",
            "serial_length": 7,
            "alphabet": "ABCDEFGHJKLMNPQRSTUVWXYZ",
            "key_ai": None,
            "tail_ai": "93",
            "tail_lengths": [4],
        },
        "tnved": ["2203"],
        "attributes": [
            {"code": "volume", "names": names, "kind": "number", "required": True, "compare": True, "unit": "l"}
        ],
        "label": {"minimum_mm": 10},
        "deadlines": {"applying_days": 60, "acceptance_working_days": 15, "withdrawal_working_days": 3},
        "price_tiyn": 100,
        "dates": [{"rule": "sale_marked_only", "on": "2026-02-01"}],
        "flags": {"eaeu_import_needs_kz_mark": True},
    }
    return group | changes


def write(folder: Path, *found: dict[str, Any]) -> Path:
    for group in found:
        (folder / f"{group['id']}.json").write_text(json.dumps(group), encoding="utf-8")
    return folder


def test_a_third_group_needs_a_file_and_no_code(tmp_path: Path) -> None:
    found = groups.load(groups.OWN, write(tmp_path, third()))
    assert list(found) == ["footwear", "fur", "beer"]
    assert found["beer"].template == gs1.Template("beer", 7, 4, (4,), None, "93")


def test_an_installation_may_change_ours(tmp_path: Path) -> None:
    dearer = json.loads((groups.OWN / "footwear.json").read_text()) | {"price_tiyn": 300}
    found = groups.load(groups.OWN, write(tmp_path, dearer))
    assert found["footwear"].price_tiyn == 300
    assert len(found) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"price_tiyn": -1},
        {"price_tiyn": "dear"},
        {"surprise": 1},
        {"id": "Beer!"},
        {"id": "b" * 25},
        {"tnved": []},
        {"tnved": ["22o3"]},
        {"names": {"kk": "Сыра", "ru": "Пиво"}},
        {"names": {"kk": "", "ru": "Пиво", "en": "Beer"}},
        {"label": {"minimum_mm": 0}},
        {"dates": [{"rule": "someday", "on": "2026-02-01"}]},
        {"code": {"kind": "gs1", "serial_length": 21, "alphabet": "ABCDEFGHJKLMNPQRSTUVWXYZ"}},
        {"code": {"kind": "gs1", "serial_length": 7, "alphabet": "AABCDEFGHJKLMNPQRSTUVWXYZ"}},
        {"code": {"kind": "gs1", "serial_length": 7, "alphabet": "ABCDEFGHIJKLMNPQRSTUVWXYZ"}},
        {"code": {"kind": "gs1", "serial_length": 7, "alphabet": "АБВГДЕЖЗИКЛМНПРСТУФХЦЧШЩ"}},
        {"code": {"kind": "tattoo"}},
        {"attributes": third()["attributes"] * 2},
        {"attributes": [third()["attributes"][0] | {"kind": "choice"}]},
        {
            "attributes": [
                third()["attributes"][0] | {"choices": [{"code": "a", "names": {"kk": "a", "ru": "a", "en": "a"}}]}
            ]
        },
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, fault: dict[str, Any]) -> None:
    (tmp_path / "beer.json").write_text(json.dumps(third(**fault)), encoding="utf-8")
    with pytest.raises(ValueError, match=r"beer\.json"):
        groups.load(tmp_path)


def codes(faults: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(fault["field"], fault["code"]) for fault in faults]


def test_values_must_fit_the_group(tmp_path: Path) -> None:
    beer = groups.load(write(tmp_path, third()))["beer"]
    footwear = OURS["footwear"].attributes
    assert codes(attribute_faults(footwear, {"colour": "black", "size": "42½"})) == []
    assert codes(attribute_faults(footwear, {"colour": "Чёрный"})) == [("attributes.colour", "choice")]
    assert codes(attribute_faults(footwear, {"heel": "5"})) == [("attributes.heel", "unknown")]
    for good in ("0.5", "12", "-3.25"):
        assert attribute_faults(beer.attributes, {"volume": good}) == []
    for bad in ("half", "1,5", "1.", "١", ""):
        assert codes(attribute_faults(beer.attributes, {"volume": bad})) == [("attributes.volume", "number")]


def test_what_is_missing() -> None:
    footwear = OURS["footwear"].attributes
    needed = {one.code for one in footwear if one.required}
    assert {field for field, _ in codes(missing(footwear, {}))} == {f"attributes.{code}" for code in needed}
    assert codes(missing(footwear, dict.fromkeys(needed, "x") | {"size": "  "})) == [("attributes.size", "required")]


def test_a_card_belongs_to_its_group() -> None:
    assert tnved_faults(("6401", "6405"), "6405201000") == []
    assert codes(tnved_faults(("6401", "6405"), "6404110000")) == [("tnved", "other_group")]


@pytest.mark.parametrize(
    ("gtin", "local"), [("04870000000016", True), ("14870000000013", True), ("04600000000008", False)]
)
def test_numbers_of_kazakhstan(gtin: str, local: bool) -> None:
    assert is_local(gtin) is local


@pytest.mark.parametrize(
    ("change", "emittable"),
    [
        ({}, True),
        ({"serial_length": 6, "alphabet": "ABCDEFGHJKLMNPQR"}, False),
        ({"tail_ai": "93"}, False),
        ({"key_ai": None}, False),
        ({"tail_lengths": (44,)}, False),
    ],
)
def test_what_can_be_read_is_not_all_that_can_be_emitted(change: dict, emittable: bool) -> None:
    plain = {"kind": "gs1", "serial_length": 13, "alphabet": "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"}
    assert groups.Gs1Code.model_validate(plain | change).emittable is emittable
