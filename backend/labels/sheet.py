"""A run of labels on one kind of stock: makes each symbol, remembers what neighbours share."""

from collections.abc import Callable, Iterable, Iterator

from backend.core.symbols import Matrix, SymbolRefused, data_matrix, gs1_128, qr

from .layout import Place, place
from .presets import Carrier, Preset
from .rules import CodeRefused, LabelItem
from .words import Words, words

_MAKE: dict[Carrier, Callable[[str], Matrix]] = {
    Carrier.DATA_MATRIX: data_matrix,
    Carrier.QR: qr,
    Carrier.GS1_128: gs1_128,
}
_KEPT = 256


class Labels:
    """Iterates over (item, matrix). Places and words are kept, up to a bound, by what they depend on."""

    def __init__(self, preset: Preset, items: Iterable[LabelItem], dpi: int, minimum_mm: float, test: bool) -> None:
        self.preset = preset
        self.dpi = dpi
        self._items = items
        self._minimum_mm = minimum_mm
        self._test = test
        self._places: dict[int, Place] = {}
        self._words: dict[object, Words] = {}

    def __iter__(self) -> Iterator[tuple[LabelItem, Matrix]]:
        make = _MAKE[self.preset.carrier]
        for number, item in enumerate(self._items, 1):
            try:
                yield item, make(item.code)
            except SymbolRefused:
                raise CodeRefused(number=number) from None

    def place(self, matrix: Matrix) -> Place:
        """Where a symbol of this size stands. Raises PresetTooSmall."""
        found = self._places.get(matrix.width)
        if found is None:
            found = self._places[matrix.width] = place(self.preset, matrix, self.dpi, self._minimum_mm, self._test)
        return found

    def words(self, at: Place, item: LabelItem) -> Words:
        """The words of this label."""
        key = (at.modules, item.names.get("kk"), item.names.get("ru"), item.line, item.price_tiyn, len(item.number))
        found = self._words.get(key)
        if found is None:
            if len(self._words) >= _KEPT:
                self._words.clear()
            found = self._words[key] = words(self.preset, at, item, self._test)
        return found
