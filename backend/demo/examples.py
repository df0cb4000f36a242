"""One code for every outcome that a server can give, and what to look for."""

import base64
from dataclasses import dataclass

from backend.core import gs1
from backend.demo.story import FUR_MARKS, Story


@dataclass(frozen=True, slots=True)
class Example:
    """`carrier` is the symbol for its picture: data_matrix, plain (Data Matrix without GS1), qr or ean13."""

    name: str
    code: str
    outcome: str
    note: str
    carrier: str = "data_matrix"


def examples(story: Story) -> list[Example]:
    boots, shoes = story.texts[story.boots], story.texts[story.shoes]
    unknown = f"01{boots[0][2:16]}21" + "Zz23456789abc"
    return [
        Example("in_circulation", boots[30], "in_circulation", "In a shop, legal"),
        Example("in_circulation-fur", FUR_MARKS[0], "in_circulation", "Fur mark, judged by the register alone", "qr"),
        Example("in_circulation-box", "00" + story.packed["box-1"], "in_circulation", "A box of ten pairs", "gs1_128"),
        Example("typed", boots[31].split("\x1d", 1)[0], "in_circulation", "Typed without its tail: care", "plain"),
        Example("sold", boots[20], "sold", "Sold a week ago"),
        Example("withdrawn", boots[22], "withdrawn", "Withdrawn as defective"),
        Example("withdrawn-destroyed", boots[23], "withdrawn", "Written off, destroyed"),
        Example("withdrawn-lost", boots[26], "withdrawn", "Lost from stock"),
        Example("withdrawn-cancelled", shoes[-2], "withdrawn", "Cancelled before it was applied"),
        Example("blocked", boots[24], "blocked", "Blocked by an authority"),
        Example("recalled", boots[25], "recalled", "Recalled by the maker"),
        Example("forged", flipped(boots[30]), "forged", "One bit of the tail is wrong"),
        Example("unregistered", unknown, "unregistered", "Well formed, unknown to the register", "plain_gs1"),
        Example("not_introduced", boots[-1], "not_introduced", "Emitted, never introduced"),
        Example("in_transfer", boots[32], "in_transfer", "In an act that nobody has confirmed"),
        Example("expired", story.expired, "expired", "Past its date"),
        Example("suspicious", boots[27], "suspicious", "Seen in two cities at once"),
        Example("foreign", foreign(), "foreign", "A mark of Russia's system"),
        Example("not_a_mark", boots[30][3:16], "not_a_mark", "The barcode of the same boots", "ean13"),
        Example("not_a_mark-link", "https://kaspi.kz/pay/demo", "not_a_mark", "A shop's QR code", "qr"),
        Example("unreadable", broken(boots[30]), "unreadable", "GTIN with a wrong check digit", "data_matrix"),
    ]


def flipped(text: str) -> str:
    """The same code with one bit of its signature turned over."""
    head, tail = text.split("\x1d92")
    raw = bytearray(base64.b64decode(tail))
    raw[9] ^= 0x04
    return f"{head}\x1d92{base64.b64encode(raw).decode()}"


def foreign() -> str:
    """An invented code in the form of Честный ЗНАК."""
    gtin = "0460123456789"
    return gs1.build(f"{gtin}{gs1.check_digit(gtin)}", "5TanbaDemo123", "EE05", "A" * 86 + "==")


def broken(text: str) -> str:
    wrong = str((int(text[15]) + 1) % 10)
    return text[:15] + wrong + text[16:]
