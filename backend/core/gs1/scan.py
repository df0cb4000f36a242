"""What a reading of a code says: its kind, its parts, what was repaired and what is wrong."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What was read. MARK is 01+21 with any tail; ELEMENTS is any other GS1 message; OTHER is readable, but no mark."""

    MARK = "mark"
    FUR = "fur"
    PACKAGE = "package"
    GTIN = "gtin"
    TOBACCO = "tobacco"
    ELEMENTS = "elements"
    OTHER = "other"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Template:
    """The shape of a product group's codes: data of the group, needed where separators are lost.

    `serial_length`: of AI 21. `key_ai`, `key_length`: the key id (None: the tail stands alone). `tail_ai`,
    `tail_lengths`: the crypto tail. Footwear: 13, 91 with 4, 92 with 88 or 44. Dairy: 6, no key, 93 with 4.
    """

    group: str
    serial_length: int
    key_length: int = 4
    tail_lengths: tuple[int, ...] = (88, 44)
    key_ai: str | None = "91"
    tail_ai: str = "92"


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading. Parts that the kind does not have are None.

    `problem` of an UNREADABLE scan says why. On a MARK it is "tail": the identification code is certain, the tail
    behind it is damaged and not given. `text` is the normalised text: an element string with GS for GS1 kinds.
    `ntin` is a number of the national catalogue (kind GTIN, but not a GTIN).
    """

    kind: Kind
    gtin: str | None = None
    serial: str | None = None
    key_id: str | None = None
    tail: str | None = None
    sscc: str | None = None
    fur: str | None = None
    ais: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    problem: str | None = None
    text: str = ""
    ntin: str | None = None

    @property
    def identification_code(self) -> str | None:
        """What documents carry: "01<gtin>21<serial>", the fur mark, "00<sscc>", a tobacco pack's 21 characters."""
        if self.kind is Kind.MARK:
            return f"01{self.gtin}21{self.serial}"
        if self.kind is Kind.TOBACCO:
            return f"{self.gtin}{self.serial}"
        return f"00{self.sscc}" if self.kind is Kind.PACKAGE else self.fur
