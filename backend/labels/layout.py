"""Where the symbol stands, in whole dots of the printer: the one thing on a label that must not give way."""

import math
from dataclasses import dataclass

from backend.core.symbols import Matrix

from .presets import Arrangement, Carrier, Preset
from .rules import DpiUnsupported, PresetTooSmall

DPI = (100, 2400)
# White space around the symbol, in modules: ISO/IEC 16022, ISO/IEC 18004, GS1 General Specifications §5.4.
_QUIET = {Carrier.DATA_MATRIX: (1, 1), Carrier.QR: (4, 4), Carrier.GS1_128: (10, 0)}
# The narrowest module that phones and scanners still read with ease; for logistic labels the GS1 figure.
_LEAST_MODULE_MM = {Carrier.DATA_MATRIX: 0.255, Carrier.QR: 0.255, Carrier.GS1_128: 0.495}
_BAR_HEIGHT_MM = 31.75
_STRIP_MM = 1.7  # for the word TEST on a label without words
_ROUNDING_MM = 1e-6
TIE = "\ue000"  # a space at which no line breaks; copied from the finished label it is a plain space


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on the label, in millimetres from its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """The symbol on the label: `dots` a module; corner and size in dots, without the quiet zone; `modules` across.

    `column` is the room for words, `foot` the room right under the symbol (height 0 where there is none).
    """

    modules: int
    dots: int
    dpi: int
    x: int
    y: int
    width: int
    height: int
    column: Region
    foot: Region

    @property
    def module_mm(self) -> float:
        return self.dots * 25.4 / self.dpi

    @property
    def check_line(self) -> str:
        """What a ruler must find: module, resolution, side of the symbol; ties between number and unit."""
        side = self.modules * self.module_mm
        return f"X{TIE}={TIE}{self.module_mm:.3f}{TIE}mm · {self.dpi}{TIE}dpi · {side:.1f}{TIE}mm"


def place(preset: Preset, matrix: Matrix, dpi: int, minimum_mm: float, strip: bool = False) -> Place:
    """Put a symbol on a label.

    The module is a whole number of dots, near `preset.module`, larger where `minimum_mm` (side of the symbol without
    quiet zone) demands it. `strip` keeps a strip free under the symbol of a label without words. Raises PresetTooSmall
    or DpiUnsupported.
    """
    if not DPI[0] <= dpi <= DPI[1]:
        raise DpiUnsupported(dpi=dpi, least=DPI[0], most=DPI[1])
    dot = 25.4 / dpi
    linear = preset.carrier is Carrier.GS1_128
    quiet_x, quiet_y = _QUIET[preset.carrier]
    across, down = matrix.width + 2 * quiet_x, matrix.height + 2 * quiet_y
    free_width = preset.width - 2 * preset.margin
    free_height = preset.height - 2 * preset.margin
    if strip and preset.arrangement is Arrangement.CODE:
        free_height -= _STRIP_MM
    least = max(_LEAST_MODULE_MM[preset.carrier], 0 if linear else minimum_mm / matrix.width)
    need = math.ceil(least / dot - _ROUNDING_MM)
    most = int(free_width / (across * dot) + _ROUNDING_MM)
    if not linear:
        most = min(most, int(free_height / (down * dot) + _ROUNDING_MM))
    if most < need or (linear and free_height < _BAR_HEIGHT_MM):
        raise PresetTooSmall(
            preset=preset.id,
            modules=matrix.width,
            dpi=dpi,
            minimum_mm=minimum_mm,
            needed_mm=round(need * across * dot, 2),
            available_mm=round(free_width if linear else min(free_width, free_height), 2),
        )
    dots = min(max(need, round(preset.module / dot)), most)
    width = matrix.width * dots
    height = math.ceil(_BAR_HEIGHT_MM / dot) if linear else matrix.height * dots
    outer_width = across * dots * dot
    outer_height = height * dot + 2 * quiet_y * dots * dot
    return _arrange(preset, (outer_width, outer_height), free_height, Place(
        matrix.width, dots, dpi, quiet_x * dots, quiet_y * dots, width, height, Region(0, 0, 0, 0), Region(0, 0, 0, 0)
    ))  # fmt: skip


_FOOT_MM = 4.6  # number and self-check line under the symbol
_LEAST_COLUMN_MM = 6.0
_GAP_MM = 0.8


def _arrange(preset: Preset, outer: tuple[float, float], free_height: float, at: Place) -> Place:
    """Move the symbol, which stands with its quiet zone in the corner, where the arrangement wants it."""
    margin, (outer_width, outer_height) = preset.margin, outer
    nowhere = Region(0, 0, 0, 0)
    spare = max(0.0, free_height - outer_height)
    left, top = margin, margin
    column, foot = nowhere, nowhere
    if preset.arrangement is Arrangement.CODE:
        left, top = (preset.width - outer_width) / 2, margin + spare / 2
        below = top + outer_height
        foot = Region(margin, below, preset.width - 2 * margin, preset.height - margin - below)
    elif preset.arrangement is Arrangement.BELOW:
        left = (preset.width - outer_width) / 2
        room = min(_FOOT_MM, spare)
        foot = Region(margin, top + outer_height, preset.width - 2 * margin, room)
        below = top + outer_height + room + _GAP_MM
        column = Region(margin, below, preset.width - 2 * margin, preset.height - margin - below)
    else:
        room = _FOOT_MM if spare >= _FOOT_MM else 0.0
        top = margin + (spare - room) / 2
        foot = Region(left, top + outer_height, outer_width, room)
        beside = left + outer_width + _GAP_MM
        width = preset.width - margin - beside
        column = Region(beside, margin, width, preset.height - 2 * margin) if width >= _LEAST_COLUMN_MM else nowhere
    per_mm = at.dpi / 25.4
    # Up, never down: the margin is a promise on this side, and rounding the other way costs the spare space only.
    x = at.x + math.ceil(left * per_mm - _ROUNDING_MM)
    y = at.y + math.ceil(top * per_mm - _ROUNDING_MM)
    return Place(at.modules, at.dots, at.dpi, x, y, at.width, at.height, column, foot)
