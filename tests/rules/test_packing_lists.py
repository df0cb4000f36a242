"""Packing lists as people save them: codes in any column, every encoding, what spreadsheets destroy said and not
guessed, and what is made to hurt refused by the limited process."""

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import pytest

from backend.acts.packing_list_rules import column, runs
from backend.core import gs1, sandbox
from backend.core.gs1 import Template
from backend.core.sandbox import SandboxFailed
from backend.core.sandbox.prices import tiyn
from tests import samples
from tests.conftest import vectors_folder

TEMPLATE = Template("footwear", 13)
GTIN = "04870000000005"
CODE = f"01{GTIN}21dqyCcLcNqLDtm"
AWKWARD = f'01{GTIN}21a;b,c"d%e&f<g'
FULL = f"{CODE}\x1d91T001\x1d92{'A' * 88}"
SSCC = gs1.sscc("487000000", 7)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


def read(content: bytes) -> dict[str, Any]:
    header = json.dumps({"templates": [asdict(TEMPLATE)]}).encode()
    payload = struct.pack(">I", len(header)) + header + content
    return json.loads(sandbox.call("packing_list", payload, seconds=30, megabytes=700))


def found(content: bytes) -> list[tuple[int, int, str | None, str | None]]:
    """Row, column, code, problem of each line."""
    return [(row, at, code, problem) for _, row, at, _, code, problem in read(content)["lines"]]


def refused(content: bytes) -> str:
    with pytest.raises(SandboxFailed) as failed:
        read(content)
    return failed.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_way_to_save_text(encoding: str, newline: str) -> None:
    lines = ["№;Код;Товар", f"1;{CODE};Ботинки", "", f"2;00{SSCC};Короб"]
    content = newline.join(lines).encode(encoding)
    assert found(content) == [(2, 1, CODE, None), (4, 1, f"00{SSCC}", None)]
    assert read(content)["passed"] == [[0, 1]]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_codes_that_hold_delimiters_and_quotes(delimiter: str) -> None:
    quoted = '"' + AWKWARD.replace('"', '""') + '"'
    rows = [delimiter.join((str(number), quoted, "1500")) for number in range(5)]
    assert [one[2] for one in found("\n".join(rows).encode())] == [AWKWARD] * 5


def test_a_bare_list_is_not_cut_at_its_own_commas() -> None:
    assert found(f"{AWKWARD}\n{CODE}\n".encode()) == [(1, 0, AWKWARD, None), (2, 0, CODE, None)]
    assert found(AWKWARD.encode()) == [(1, 0, AWKWARD, None)]
    assert found(f"sep=;\n1;{CODE}".encode()) == [(2, 1, CODE, None)]


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    rows = [f'{number};"Жайлау;{CODE}' if number == 2 else f"{number};x;{CODE}" for number in range(1, 20)]
    assert [one[0] for one in found("\n".join(rows).encode())] == list(range(1, 20))


def test_separators_survive_as_spreadsheets_write_them() -> None:
    book = samples.workbook([["Код", "ШК"], [FULL, GTIN], [FULL.replace("\x1d", "_x001D_"), 4870000000005]])
    assert found(book) == [(2, 0, CODE, None), (3, 0, CODE, None)]
    without = FULL.replace("\x1d", "")
    assert found(samples.workbook([[without]])) == [(1, 0, CODE, None)]


def test_several_codes_in_a_row_and_in_a_cell() -> None:
    other = CODE.replace("dqy", "abc")
    book = samples.workbook([[f"{CODE}\n{other}", None, f"(00){SSCC}"]])
    assert found(book) == [(1, 0, CODE, None), (1, 0, other, None), (1, 2, f"00{SSCC}", None)]


def test_sheets_have_names() -> None:
    said = read(samples.workbook([["x"]], [["y"], [CODE]]))
    assert [(said["sheets"][sheet], row) for sheet, row, *_ in said["lines"]] == [("Лист2", 2)]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (4.87000000000000e17, "digits_lost"),
        (487000000000000161, "digits_lost"),
        ("4,87000E+17", "digits_lost"),
        (CODE[1:], "zeros_lost"),
        (f"0{SSCC}", "zeros_lost"),
        (CODE.replace("0005", "0006"), "check_digit"),
        (f"00{SSCC[:-1]}{(int(SSCC[-1]) + 1) % 10}", "check_digit"),
        (f"01{GTIN}21", "length"),
    ],
)
def test_what_a_spreadsheet_destroyed_is_said_and_not_guessed(cell: object, problem: str) -> None:
    assert found(samples.workbook([[cell]])) == [(1, 0, None, problem)]


@pytest.mark.parametrize(
    "cell", ["Ботинки мужские", "12345678", "200140000004", GTIN, 4870000000005, 18900.5, True, "+7 701 123 45 67", ""]
)
def test_what_never_was_a_code_is_passed_over(cell: object) -> None:
    assert read(samples.workbook([[cell, "x"], [CODE]]))["lines"] == [[0, 2, 0, CODE, CODE, None]]


def test_formulas_are_not_worked_out() -> None:
    book = samples.workbook([[f'=CONCATENATE("{CODE}","")', '=WEBSERVICE("http://127.0.0.1/")'], [CODE]])
    assert found(book) == [(2, 0, CODE, None)]


def test_prices_come_from_the_column_that_says_so() -> None:
    other = gs1_code("0487000000001")
    head = ["Сумма", "Код", "Цена, тенге"]
    said = read(samples.workbook([["Накладная"], head, [9, CODE, 18900.5], [9, CODE, "18 900,50"], [9, other, 100]]))
    assert said["prices"] == {GTIN: [1_890_050], other[2:16]: [10_000]}
    said = read(samples.workbook([head, [9, CODE, 1], [9, CODE, 2], [9, CODE, "договорная"]]))
    assert (said["prices"], said["prices_unread"]) == ({GTIN: [100, 200]}, 1)
    assert read(samples.workbook([["Код", "Сумма"], [CODE, 5]]))["prices"] == {}


def gs1_code(body: str) -> str:
    return f"01{body}{gs1.check_digit(body)}21abcdefghijklm"


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("1500", 150_000), ("1 500,5 ₸", 150_050), (0.1, 10), (1500.0, 150_000), ("-5", None), ("1e9", None), ("", None)],
)
def test_amounts(cell: object, amount: int | None) -> None:
    assert tiyn(cell) == amount


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x01", "unsupported"),
        (b" \n \n", "unsupported"),
        (samples.workbook([["x"]])[:-40], "damaged"),
        (samples.archive({"a.txt": "x"}), "unsupported"),
        (samples.workbook([["x"]], more={"xl/media/bomb": bytes(301_000_000)}), "too_large"),
        (samples.workbook([["x"]], more={f"xl/{number}": "" for number in range(2_100)}), "too_large"),
        (("x;y\n" * 200_001).encode(), "too_large"),
    ],
    ids=["png", "blank", "cut", "zip", "bomb", "entries", "rows"],
)
def test_what_is_made_to_hurt_is_refused(content: bytes, reason: str) -> None:
    assert refused(content) == reason
    assert found(CODE.encode()) == [(1, 0, CODE, None)]


def test_a_sheet_that_claims_all_the_cells_there_are_ends_the_process_and_nothing_else() -> None:
    sheet = f'<worksheet xmlns="{samples.SHEET}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    sheet += '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    assert refused(_with(sheet)) in ("memory", "crash", "damaged", "failed")
    assert found(CODE.encode()) == [(1, 0, CODE, None)]


def _with(sheet: str) -> bytes:
    """A workbook whose only sheet is this XML."""
    whole = samples.parts([["x"]])
    return samples.archive(whole | {"xl/worksheets/sheet1.xml": sheet})


def test_xml_entities_do_not_multiply() -> None:
    bomb = "<!DOCTYPE b [<!ENTITY a 'aaaaaaaaaa'>"
    names = "abcdefghij"
    for one, other in pairwise(names):
        bomb += f"<!ENTITY {other} '{f'&{one};' * 20}'>"
    sheet = bomb + f']><worksheet xmlns="{samples.SHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t>'
    sheet += "</is></c></row></sheetData></worksheet>"
    assert refused(_with(sheet)) in ("damaged", "memory", "crash", "failed")


def test_codes_of_others_come_through_a_spreadsheet_as_they_went_in() -> None:
    folder = vectors_folder()
    if folder is None:
        return
    vectors = json.loads((folder / "gs1" / "cis_codes.json").read_text())["vectors"]
    sound = [one for one in vectors if gs1.read(one["input"], None, (TEMPLATE,)).identification_code]
    assert len(sound) > 20
    wanted = [gs1.read(one["input"], None, (TEMPLATE,)).identification_code for one in sound]
    assert [code for *_, code, _ in found(samples.workbook([[one["input"]] for one in sound]))] == wanted
    quoted = ['"' + one["input"].replace('"', '""') + '"' for one in sound]
    table = "\r\n".join(f"{number};{one};x" for number, one in enumerate(quoted))
    assert [code for *_, code, _ in found(table.encode())] == wanted


def test_runs_and_columns() -> None:
    assert runs([3, 1, 2, 7, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
    assert runs([]) == []
    assert [column(at) for at in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]
