"""Writing a PDF front to back: what is written is forgotten, save eight bytes an object for the table at the end."""

import zlib
from array import array
from collections.abc import Collection, Iterator

from .font import EmbeddedFont, face

_STYLES = ("regular", "bold")
_CATALOGUE, _ROOT, _RESOURCES, _FONT_NAMES, _FONTS = 1, 2, 3, 4, 5
_PAGES_A_NODE = 64
POINTS_PER_MM = 72 / 25.4


class Document:
    """A PDF with pages of one size, in millimetres.

    Emit `begin()`, then `page(content)` for each page, then everything of `end()`, in this order. In the content the
    fonts are called /regular and /bold; `hex_text` gives the strings to show. `packed` squeezes the pages, which pays
    for text and not for labels.
    """

    def __init__(self, width_mm: float, height_mm: float, title: str = "", packed: bool = False) -> None:
        self.width = width_mm * POINTS_PER_MM
        self.height = height_mm * POINTS_PER_MM
        self._title = title
        self._packed = packed
        self._fonts = {style: EmbeddedFont(face(style)) for style in _STYLES}
        self._offsets = array("Q", [0] * (_FONTS + EmbeddedFont.OBJECTS * len(_STYLES)))
        self._position = 0
        self._nodes: list[tuple[int, int]] = []  # object number of a node of the page tree, number of pages in it
        self._node = 0
        self._pages: list[int] = []

    def hex_text(self, style: str, text: str) -> str:
        """Text as the hexadecimal string of the font of this style."""
        return self._fonts[style].encode(text)

    def begin(self) -> bytes:
        """The header; the second line tells programs that the file is binary."""
        return self._emit(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")

    def form(self, content: bytes) -> tuple[int, bytes]:
        """A piece of content that pages can show again and again: its number, and the bytes to emit.

        Its origin is where the page puts it; it may reach a page's size from there in every direction.
        """
        number = self._reserve()
        box = b"-%.0f -%.0f %.0f %.0f" % (self.width, self.height, self.width, self.height)
        return number, self._object(
            number,
            b"<</Type/XObject/Subtype/Form/BBox[%s]/Resources %d 0 R/Length %d>>stream\n%b\nendstream"
            % (box, _RESOURCES, len(content), content),
        )

    def page(self, content: bytes, forms: Collection[int] = ()) -> bytes:
        """One page with this content stream, and the node of the page tree when it is full.

        `forms` are the numbers of the forms that the page shows, by the name /W and the number.
        """
        if not self._pages:
            self._node = self._reserve()
        stream = self._reserve()
        page = self._reserve()
        self._pages.append(page)
        packed = zlib.compress(content) if self._packed else content
        filtered = b"/Filter/FlateDecode" if self._packed else b""
        written = self._object(stream, b"<</Length %d%b>>stream\n%b\nendstream" % (len(packed), filtered, packed))
        own = b""
        if forms:
            shown = b"".join(b"/W%d %d 0 R" % (number, number) for number in forms)
            own = b"/Resources<</Font %d 0 R/XObject<<%s>>>>" % (_FONT_NAMES, shown)
        written += self._object(page, b"<</Type/Page/Parent %d 0 R/Contents %d 0 R%b>>" % (self._node, stream, own))
        if len(self._pages) == _PAGES_A_NODE:
            written += self._close_node()
        return written

    def end(self) -> Iterator[bytes]:
        """Fonts, page tree and the table of objects."""
        if self._pages:
            yield self._close_node()
        fonts = b""
        for number, (style, font) in enumerate(self._fonts.items()):
            first = _FONTS + number * EmbeddedFont.OBJECTS
            fonts += b"/%s %d 0 R" % (style.encode(), first)
            for place, (entries, data) in enumerate(font.objects(first)):
                yield self._object(first + place, _dictionary(entries, data))
        yield self._object(_FONT_NAMES, b"<<%s>>" % fonts)
        yield self._object(_RESOURCES, b"<</Font %d 0 R>>" % _FONT_NAMES)
        kids = b" ".join(b"%d 0 R" % node for node, _ in self._nodes)
        yield self._object(
            _ROOT,
            b"<</Type/Pages/Count %d/Kids[%s]/Resources %d 0 R/MediaBox[0 0 %.4f %.4f]>>"
            % (sum(count for _, count in self._nodes), kids, _RESOURCES, self.width, self.height),
        )
        # "Fit to page" would spoil the whole-dot modules.
        yield self._object(
            _CATALOGUE, b"<</Type/Catalog/Pages %d 0 R/ViewerPreferences<</PrintScaling/None>>>>" % _ROOT
        )
        information = self._reserve()
        title = ("\ufeff" + self._title).encode("utf-16-be").hex().encode()
        yield self._object(information, b"<</Title<%s>/Producer(Tanba)>>" % title)
        yield from self._table(information)

    def _table(self, information: int) -> Iterator[bytes]:
        start, size = self._position, len(self._offsets)
        yield b"xref\n0 %d\n0000000000 65535 f \n" % size
        for at in range(1, size, 4096):
            yield b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets[at : at + 4096])
        yield b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
            size,
            _CATALOGUE,
            information,
            start,
        )

    def _close_node(self) -> bytes:
        kids = b" ".join(b"%d 0 R" % page for page in self._pages)
        self._nodes.append((self._node, len(self._pages)))
        written = self._object(
            self._node, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>" % (_ROOT, len(self._pages), kids)
        )
        self._pages = []
        return written

    def _reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _object(self, number: int, body: bytes) -> bytes:
        self._offsets[number] = self._position
        return self._emit(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _emit(self, data: bytes) -> bytes:
        self._position += len(data)
        return data


def _dictionary(entries: bytes, data: bytes | None) -> bytes:
    if data is None:
        return b"<<%s>>" % entries
    packed = zlib.compress(data)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (entries, len(packed), packed)
