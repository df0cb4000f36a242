"""Check digits of BIN and IIN, on numbers whose answer is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.organisations.rules import is_iin, tax_number_valid

VALID = [
    "040940007541",
    "120540004887",
    "000740000728",
    "180140005198",
    "250140000409",  # the first weights give 10, the second ones decide
    "900101300007",
    "850202400000",
    "000101500001",
    "200140000004",
    "200140000014",
]
INVALID = [
    "180140005197",
    *(f"25014000046{digit}" for digit in range(10)),  # both weights give 10: never issued
    "123456789011",
    "123456789012",
    "123456789021",
    "04094000754",
    "0409400075410",
    "04094000754a",
    " 40940007541",
    "٠٤٠٩٤٠٠٠٧٥٤١",
    "",
]


@pytest.mark.parametrize("number", VALID)
def test_valid(number: str) -> None:
    assert tax_number_valid(number)


@pytest.mark.parametrize("number", INVALID)
def test_invalid(number: str) -> None:
    assert not tax_number_valid(number)


@given(st.integers(0, 10**11 - 1), st.integers(1, 9))
def test_at_most_one_check_digit_fits(body: int, step: int) -> None:
    fitting = [digit for digit in range(10) if tax_number_valid(f"{body:011d}{digit}")]
    assert len(fitting) <= 1


@given(st.text(max_size=14))
def test_any_text_has_an_answer(text: str) -> None:
    assert tax_number_valid(text) in (True, False)


@pytest.mark.parametrize(("number", "person"), [("900101300007", True), ("200140000004", False)])
def test_people_and_organisations_are_told_apart(number: str, person: bool) -> None:
    assert is_iin(number) is person
