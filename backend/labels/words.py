"""The words on a label: as large as there is room for, cut where there is none, the number always."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from backend.core.pdf import face

from .layout import TIE, Place, Region
from .presets import Arrangement, Carrier, Preset
from .rules import LabelItem

_LINE = 1.17  # from line to line, in sizes
_RISE = 0.93  # from the top of a line to its baseline, in sizes: capitals with a breve or dots on top
# Sizes in millimetres at scale 1, and how far it may all grow or shrink together.
_NAME, _SECOND, _DETAIL, _PRICE, _NUMBER, _CHECK, _TAG = 2.8, 2.4, 2.5, 3.6, 2.3, 1.5, 2.4
_SCALES = (1.5, 1.35, 1.2, 1.1, 1.0, 0.9, 0.8, 0.72, 0.65)
_LEAST_NUMBER_MM = 1.3
_MEAN_WIDTH = 0.53  # of a character of a serial, in sizes
_PREFIX = "№ "
_FOOT_GAP = 0.2
_BLOCK_GAP = 0.25  # between one block and the next, in millimetres
_TALL = 99
TEST = "TEST · ҮЛГІ"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text: style, size and baseline in millimetres from the label's top left corner."""

    style: str
    size: float
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Everything but the symbol and the number; `slot` is where the number goes, `frame` a box around the word TEST."""

    runs: tuple[Run, ...]
    slot: Region | None
    frame: Region | None


def words(preset: Preset, place: Place, item: LabelItem, test: bool = False) -> Words:
    """Lay out the words that labels of one product share. Of the number only the length counts here."""
    foot, column = place.foot, place.column
    runs: list[Run] = []
    frame: Region | None = None
    if preset.arrangement is Arrangement.CODE:
        if test and foot.height >= _LEAST_NUMBER_MM:
            size = min(_TAG, foot.height / _LINE)
            runs.append(_centred("bold", size, TEST, foot))
        return Words(tuple(runs), None, None)
    slot, check = None, place.check_line if preset.carrier is not Carrier.GS1_128 else ""
    if foot.height:
        if item.number:
            slot = Region(foot.x, foot.y + _FOOT_GAP, foot.width, _NUMBER * _LINE)
        if check:
            below = Region(foot.x, foot.y + _FOOT_GAP + _NUMBER * _LINE, foot.width, _CHECK * _LINE)
            runs.append(_centred("regular", _CHECK, check.replace(TIE, " "), below))
        check = ""
    if not column.width:
        return Words(tuple(runs), slot, None)
    if test:
        bold = face("bold")
        size = min(_TAG, (column.width - 1.5) / bold.width(TEST))
        frame = Region(column.x + 0.15, column.y + 0.15, bold.width(TEST) * size + 1.2, size * 1.25)
        runs.append(Run("bold", size, frame.x + 0.6, frame.y + (frame.height + bold.cap_height * size) / 2, TEST))
        used = frame.height + 0.6
        column = Region(column.x, column.y + used, column.width, column.height - used)
    length = 0 if slot else len(item.number)
    for attempt in _attempts(item, check):
        found = attempt.fill(column, length)
        if found:
            placed, number = found
            return Words((*runs, *placed), slot or number, frame)
    return Words(tuple(runs), slot, frame)


def number_runs(preset: Preset, place: Place, slot: Region, number: str) -> list[Run]:
    """The number in its slot, in two lines where it is long; under the symbol it stands in the middle."""
    prefix = "" if preset.carrier is Carrier.GS1_128 else _PREFIX
    text = prefix + _clean(number)
    middle = slot.y == place.foot.y + _FOOT_GAP
    rows = 1 if middle else _number_rows(slot.width, len(number))
    half = (len(text) + rows - 1) // rows
    lines = [text[at : at + half] for at in range(0, len(text), half)]
    regular = face("regular")
    widths = [regular.width(line) for line in lines]
    # By length alone where that will do, so that neighbours look alike.
    size = min(slot.height / rows / _LINE, slot.width / (_MEAN_WIDTH * half), slot.width / max(widths))
    top = slot.y + (slot.height - size * _LINE * rows) / 2
    runs = []
    for row, (line, width) in enumerate(zip(lines, widths, strict=True)):
        x = slot.x + (slot.width - width * size) / 2 if middle else slot.x
        runs.append(Run("regular", size, x, top + size * (_LINE * row + _RISE), line))
    return runs


def _number_rows(width: float, length: int) -> int:
    return 1 if width >= _LEAST_NUMBER_MM * _MEAN_WIDTH * (length + len(_PREFIX)) else 2


def price(tiyn: int) -> str:
    """A price as it stands on a label: 12 990 ₸, or 12 990,50 ₸."""
    tenge, rest = divmod(tiyn, 100)
    whole = f"{tenge:,}".replace(",", "\u00a0")
    return f"{whole},{rest:02} ₸" if rest else f"{whole}\u00a0₸"


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to fill the column: blocks of (style, size, text, most lines) from the top and from the bottom."""

    top: tuple[tuple[str, float, str, int], ...]
    bottom: tuple[tuple[str, float, str, int], ...]
    number: float
    cut: bool  # whether text may be cut with an ellipsis

    @staticmethod
    def _lines(column: Region, style: str, size: float, text: str, most: int) -> tuple[str, float, tuple[str, ...]]:
        most = min(most, int(column.height / size) + 1)  # more would not fit whatever else there is
        return style, size, _wrap(style, text, column.width / size, most)

    def fill(self, column: Region, number_length: int) -> tuple[list[Run], Region | None] | None:
        above = [(style, size, _wrap(style, text, column.width / size, most)) for style, size, text, most in self.top]
        below = [
            (style, size, _wrap(style, text, column.width / size, most)) for style, size, text, most in self.bottom
        ]
        if not self.cut and any(lines[-1].endswith("…") for *_, lines in above + below if lines):
            return None
        height = sum(size * _LINE * len(lines) for _, size, lines in above + below)
        height += _BLOCK_GAP * len(above)
        rows = _number_rows(column.width, number_length) if number_length else 0
        half = (number_length + len(_PREFIX) + 1) // 2 if rows == 2 else number_length + len(_PREFIX)
        number_height = rows * _LINE * min(self.number, column.width / (_MEAN_WIDTH * half))
        height += number_height
        if height > column.height:
            return None
        runs: list[Run] = []
        y = column.y
        for style, size, lines in above:
            for line in lines:
                runs.append(Run(style, size, column.x, y + size * _RISE, line))
                y += size * _LINE
            y += _BLOCK_GAP
        y = column.y + column.height
        slot: Region | None = None
        for style, size, lines in reversed(below):
            y -= size * _LINE * len(lines)
            runs += [Run(style, size, column.x, y + size * (_LINE * n + _RISE), line) for n, line in enumerate(lines)]
        if number_length:
            slot = Region(column.x, y - number_height, column.width, number_height)
        return runs, slot


def _attempts(item: LabelItem, check: str) -> list[_Attempt]:
    """Large to small without loss; then small with less and less; the number alone at last."""
    first, second = _clean(item.names.get("kk", "")), _clean(item.names.get("ru", ""))
    if not first or first == second:
        first, second = first or second, ""
    line = _clean(item.line)
    money = price(item.price_tiyn) if item.price_tiyn is not None else ""

    def attempt(scale: float, limits: tuple[int, int, int], cut: bool, with_check: bool, with_price: bool) -> _Attempt:
        top = (
            ("bold", _NAME * scale, first, limits[0]),
            ("regular", _SECOND * scale, second, limits[1]),
            ("regular", _DETAIL * scale, line, limits[2]),
        )
        bottom = (
            ("bold", _PRICE * scale, money if with_price else "", 1),
            ("regular", _CHECK, check if with_check else "", 2),
        )
        return _Attempt(
            tuple(block for block in top if block[2] and block[3]),
            tuple(block for block in bottom if block[2]),
            _NUMBER * min(scale, 1),
            cut,
        )

    least = _SCALES[-1]
    whole = (_TALL, _TALL, _TALL)
    return [
        *(attempt(scale, whole, False, True, True) for scale in _SCALES),
        *(attempt(scale, whole, False, False, True) for scale in _SCALES[-3:]),
        *(
            attempt(least, limits, True, with_check, True)
            for limits in ((4, 3, 2), (3, 3, 2), (3, 3, 1), (3, 2, 1), (2, 2, 1), (2, 1, 1), (1, 1, 1), (1, 0, 1))
            for with_check in (True, False)
        ),
        attempt(least, (1, 0, 0), True, False, False),
        attempt(least, (0, 0, 0), True, False, False),
    ]


@lru_cache(maxsize=4096)
def _wrap(style: str, text: str, width: float, most: int) -> tuple[str, ...]:
    """Break text into lines of at most `width` sizes; long words are broken, too many lines cut with an ellipsis."""
    measure = face(style).width
    space = measure(" ")
    lines: list[str] = []
    line, used = "", 0.0
    for word in text.split(" "):
        length = measure(word.replace(TIE, " "))
        if line and used + space + length <= width:
            line, used = f"{line} {word}", used + space + length
            continue
        if line:
            lines.append(line)
        line, used = word, length
        while used > width:
            fitting = _fitting(style, line, width)
            lines.append(line[:fitting])
            line = line[fitting:]
            used = measure(line.replace(TIE, " "))
            if len(lines) > most:
                break
        if len(lines) > most:
            break
    if line:
        lines.append(line)
    if len(lines) > most:
        last = lines[most - 1]
        last = last[: _fitting(style, last, width - measure("…"))]
        lines = [*lines[: most - 1], last.rstrip(" ,.;:-–/·(«") + "…"]
    return tuple(one.replace(TIE, " ") for one in lines)


def _fitting(style: str, text: str, width: float) -> int:
    """How many characters of a text fit a width, at least one."""
    advances, used = face(style).advances, 0.0
    for number, character in enumerate(text):
        used += advances.get(" " if character == TIE else character, 0.6)
        if used > width:
            return max(1, number)
    return len(text)


def _centred(style: str, size: float, text: str, region: Region) -> Run:
    size = min(size, region.width / max(face(style).width(text), 0.1))
    x = region.x + (region.width - face(style).width(text) * size) / 2
    return Run(style, size, x, region.y + size * _RISE, text)


def _clean(text: str) -> str:
    """One line of printable text; direction marks and other invisible characters could disguise a label."""
    if text.isascii() and text.isprintable():
        return text.strip()
    plain = "".join(" " if one.isspace() else one for one in unicodedata.normalize("NFC", text))
    return " ".join("".join(one for one in plain if unicodedata.category(one)[0] != "C").split(" ")).strip()
