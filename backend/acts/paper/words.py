"""The words of the print form, in Kazakh and Russian: one language, or both with Kazakh first."""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from markupsafe import Markup

from backend.notifications.wording import spoken_date

NBSP = "\u00a0"


class Language(StrEnum):
    """BOTH prints Kazakh with Russian under it."""

    KK = "kk"
    RU = "ru"
    BOTH = "both"


@cache
def _table() -> dict[str, dict[str, str]]:
    return json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Words:
    """What a form says. A word that nobody wrote is a programmer's error and raises KeyError."""

    language: Language

    @property
    def first(self) -> str:
        """The language that leads."""
        return "ru" if self.language is Language.RU else "kk"

    @property
    def spoken(self) -> tuple[str, ...]:
        return ("kk", "ru") if self.language is Language.BOTH else (self.first,)

    def apart(self) -> "list[Words]":
        """The words of each language by itself."""
        return [Words(Language(one)) for one in self.spoken]

    def text(self, key: str, **values: object) -> str:
        """One line of plain text, both languages with a stroke between."""
        return " / ".join(dict.fromkeys(_table()[key][one].format(**self._said(values, one)) for one in self.spoken))

    def html(self, key: str, **values: object) -> Markup:
        """The leading language, and the other one under it, each marked as what it is."""
        return self.names({one: _table()[key][one].format(**self._said(values, one)) for one in self.spoken})

    def names(self, given: dict[str, str]) -> Markup:
        """A name that has a form in each language."""
        lead, *rest = dict.fromkeys(given.get(one) or given[self.first] for one in self.spoken)
        also = Markup("").join(Markup('<span class="also" lang="ru">{}</span>').format(one) for one in rest)
        return Markup('<span lang="{}">{}</span>').format(self.first, lead) + also

    def date(self, day: date) -> Markup:
        """A day, or a moment in Almaty's time."""
        return self.names({one: spoken_date(day, one) for one in self.spoken})

    @staticmethod
    def _said(values: dict[str, object], language: str) -> dict[str, object]:
        return {
            name: spoken_date(value, language) if isinstance(value, date) else value for name, value in values.items()
        }


def grouped(number: int) -> str:
    """12 345: digits in groups of three."""
    return f"{number:,}".replace(",", NBSP)


def money(amount: str) -> str:
    """An amount as documents carry it ("15000.00"), as people read it: 15 000,00."""
    whole, _, rest = amount.partition(".")
    return f"{grouped(int(whole))},{rest or '00'}"


def short(day: date) -> str:
    """22.11.2026, where a table has no room for words."""
    return f"{day:%d.%m.%Y}"
