"""Codes and labels for tests: the full mark with an 88-character tail, names as long as importers write them."""

import random
import string

from backend.labels.rules import LabelItem

SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
BASE64 = string.ascii_letters + string.digits + "+/"
NAMES = {
    "kk": "Ерлерге арналған былғары аяқкиім, қысқы, «Қызылжар» үлгісі",
    "ru": "Мужские зимние полуботинки из натуральной кожи, модель «Кызылжар»",
}
SSCC = "046070493803441236"


def mark(number: int = 0, serial: str | None = None) -> str:
    """The element string of a mark of 129 characters; another for every number."""
    chance = random.Random(number)
    serial = serial or "".join(chance.choices(SERIAL, k=13))
    return f"010460704938034421{serial}\x1d91T001\x1d92{''.join(chance.choices(BASE64, k=86))}=="


def label(number: int = 0, **changes: object) -> LabelItem:
    code = mark(number)
    fields = {"code": code, "names": NAMES, "line": "42 · қара", "number": code[18:31], "price_tiyn": 1_299_000}
    return LabelItem(**{**fields, **changes})
