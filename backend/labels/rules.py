"""What may stand on a label, and what makes a label impossible."""

from dataclasses import dataclass, field

from backend.core.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class LabelItem:
    """One label: the full code and the human words beside it.

    `code` is an element string with GS (a mark, or "00" and an SSCC), or plain text for a QR code. `names` hold the
    product name by language (`kk`, `ru`), `line` size, colour and the like, `number` what people call the thing by
    (the serial, or the SSCC), `price_tiyn` the price in hundredths of a tenge.
    """

    code: str
    names: dict[str, str] = field(default_factory=dict)
    line: str = ""
    number: str = ""
    price_tiyn: int | None = None


class PresetTooSmall(Invalid):
    """The symbol, at the size that the product group demands, does not fit the label.

    params: preset; modules a side; dpi; minimum_mm (the symbol without quiet zone); needed_mm (with quiet zone, at
    whole dots) and available_mm.
    """

    code = "labels.preset_too_small"


class PresetUnknown(Invalid):
    """params: preset."""

    code = "labels.preset_unknown"


class PresetInvalid(Invalid):
    """A custom preset whose labels do not fit its page, or with measures beyond reason. params: what."""

    code = "labels.preset_invalid"


class DpiUnsupported(Invalid):
    """params: dpi, least, most."""

    code = "labels.dpi_unsupported"


class StartOutside(Invalid):
    """The first free place does not exist on the sheet. params: start, places."""

    code = "labels.start_outside"


class CodeRefused(Invalid):
    """A code cannot be carried by the symbol of the preset. params: number (which label, from 1)."""

    code = "labels.code_refused"


class NothingToPrint(Conflict):
    code = "labels.nothing_to_print"


class OneAtATime(Invalid):
    """A PNG shows one label; the rest would be lost."""

    code = "labels.one_at_a_time"


class SheetUnknown(NotFound):
    code = "labels.sheet_unknown"


class OutsideEmission(Invalid):
    """params: count, how many codes the emission has."""

    code = "labels.outside_emission"


class NotEmittedYet(Conflict):
    """params: emitted, count."""

    code = "labels.not_emitted_yet"


class ReprintReasonNeeded(Conflict):
    """params: printed, how many earlier sheets hold some of these codes."""

    code = "labels.reprint_reason_needed"
