"""The words of letters: data files in `templates/`, one for each letter and language.

The first line is the subject; paragraphs follow, with blank lines between them. A paragraph that is one placeholder
may be filled with a list or with the link. The plain text and the HTML are made from the same paragraphs.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from backend.core.clock import ALMATY
from backend.core.i18n import LANGUAGES

FOLDER = Path(__file__).parent / "templates"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0085\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

MONTHS = {
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}

PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>'
    '<body style="margin:0;padding:24px;background:#faf6ec;color:#1b1a17;font:17px/24px sans-serif">'
    '<div style="max-width:560px;margin:0 auto">{body}</div></body></html>'
)
LINK = '<p><a href="{link}" style="color:#123c69;font-weight:bold">{link}</a></p>'


@dataclass(frozen=True, slots=True)
class Words:
    """A letter as it is read: `text` and `html` say the same."""

    subject: str
    text: str
    html: str


@cache
def template(name: str, language: str) -> tuple[str, tuple[str, ...]]:
    """Subject and paragraphs. Raises FileNotFoundError for a letter that nobody wrote."""
    if language not in LANGUAGES:
        raise ValueError(f"no letters are written in {language}")
    subject, _, rest = (FOLDER / f"{name}.{language}.txt").read_text(encoding="utf-8").partition("\n")
    return subject.strip(), tuple(part.strip() for part in rest.split("\n\n") if part.strip())


def write(name: str, language: str, params: Mapping[str, Any]) -> Words:
    """Fill a letter in. Values are text, numbers, dates, names in three languages, or lists of these; raises KeyError
    for a value that is not given."""
    subject, paragraphs = template(name, language)
    spoken = {key: _spoken(value, language) for key, value in params.items()}
    title = one_line(_fill(subject, spoken))
    texts, marked = [], []
    for paragraph in paragraphs:
        whole = PLACEHOLDER.fullmatch(paragraph)
        value = spoken[whole[1]] if whole else None
        if isinstance(value, list):
            texts.append("\n".join(f"• {one}" for one in value))
            marked.append("<ul>" + "".join(f"<li>{html.escape(one)}</li>" for one in value) + "</ul>")
        elif whole and whole[1] == "link":
            texts.append(str(value))
            marked.append(LINK.format(link=html.escape(str(value))))
        else:
            texts.append(_fill(paragraph, spoken))
            marked.append(f"<p>{html.escape(texts[-1])}</p>")
    page = PAGE.format(language=language, subject=html.escape(title), body="".join(marked))
    return Words(title, "\n\n".join(texts) + "\n", page)


@cache
def kinds(language: str) -> dict[str, dict[str, str]]:
    """{kind: {"title", "line"}}: how a letter speaks of what else stands in the inbox."""
    return json.loads((FOLDER / f"kinds.{language}.json").read_text(encoding="utf-8"))


def kind(name: str, language: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Title and line of a notification."""
    words = kinds(language)[name]
    spoken = {key: _spoken(value, language) for key, value in params.items()}
    return _fill(words["title"], spoken), _fill(words["line"], spoken)


def lively(params: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values as they were given: days and moments are dates again."""
    return {name: _dated(value) if isinstance(value, str) else value for name, value in params.items()}


def _dated(text: str) -> Any:
    if DAY.fullmatch(text):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if MOMENT.fullmatch(text) else text


def one_line(text: str) -> str:
    """What may stand in a subject: no line breaks, no control or bidirectional characters."""
    return re.sub(r"\s+", " ", INVISIBLE.sub(" ", text)).strip()


def spoken_date(day: date, language: str) -> str:
    """A day, or a moment in Almaty's time, in words: 2026 ж. 22 қараша, 14:05."""
    moment = day.astimezone(ALMATY) if isinstance(day, datetime) else None
    day = moment or day
    month = MONTHS[language][day.month - 1]
    words = {
        "kk": f"{day.year} ж. {day.day} {month}",
        "ru": f"{day.day} {month} {day.year} г.",
        "en": f"{day.day} {month} {day.year}",
    }[language]
    return f"{words}, {moment:%H:%M} (UTC+5)" if moment else words


def _fill(text: str, spoken: Mapping[str, str | list[str]]) -> str:
    def value(found: re.Match[str]) -> str:
        given = spoken[found[1]]
        return ", ".join(given) if isinstance(given, list) else given

    return PLACEHOLDER.sub(value, text)


def _spoken(value: Any, language: str) -> str | list[str]:
    if isinstance(value, list | tuple):
        return [one_line(str(_spoken(one, language))) for one in value]
    if isinstance(value, Mapping):
        value = value[language]
    if isinstance(value, date):
        return spoken_date(value, language)
    return one_line(str(value))
