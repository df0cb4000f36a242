"""Noto Sans for labels: two instances of the variable font, their widths, and the subset that a PDF carries."""

import io
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

import fontpkg_noto_sans
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# What a label may need: Latin with all its letters, Greek, Cyrillic with the Kazakh letters, punctuation, currencies.
_REPERTOIRE = (
    *range(0x20, 0x250),
    *range(0x370, 0x530),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2060),
    *range(0x20A0, 0x20C1),
    *range(0x2100, 0x2140),
)
# Weight and width: a little condensed, because labels are small and Kazakh and Russian words long.
_STYLES = {"regular": (400, 88), "bold": (650, 88)}


@dataclass(frozen=True, slots=True)
class Face:
    """One style of the font. `advances` are widths by character, in parts of the size; so are the vertical measures."""

    style: str
    data: bytes
    advances: dict[str, float]
    ascent: float
    descent: float
    cap_height: float

    def width(self, text: str) -> float:
        """Width of a line of text in parts of the font size."""
        return sum(map(self.advances.get, text, repeat(0.6)))


@lru_cache(maxsize=len(_STYLES))
def face(style: str) -> Face:
    """The `regular` or `bold` style, made once in a process (about half a second)."""
    weight, width = _STYLES[style]
    path = fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf"
    with TTFont(path, lazy=True) as variable:
        reduced = _subset(variable, set(_REPERTOIRE) & variable.getBestCmap().keys())
        font = instancer.instantiateVariableFont(reduced, {"wght": weight, "wdth": width}, inplace=True, optimize=False)
        em = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        written = io.BytesIO()
        font.save(written)
        return Face(
            style,
            written.getvalue(),
            {chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()},
            font["hhea"].ascent / em,
            -font["hhea"].descent / em,
            font["OS/2"].sCapHeight / em,
        )


class EmbeddedFont:
    """A face as one document uses it: characters get numbers as they come, and the file the glyphs of those."""

    OBJECTS = 6

    def __init__(self, used: Face) -> None:
        self._face = used
        self._numbers = _Numbers()

    def encode(self, text: str) -> str:
        """The hexadecimal string that shows this text."""
        return "".join(map(self._numbers.__getitem__, text))

    def objects(self, first: int) -> list[tuple[bytes, bytes | None]]:
        """The six objects of the font, numbered from `first` on: dictionary and, for streams, the data.

        Every character has a number of its own, even where two share a glyph, so that copying text out is exact.
        """
        characters = list(self._numbers)
        # Without the moment of its making in it, so that the same labels are the same bytes tomorrow.
        whole = TTFont(io.BytesIO(self._face.data), recalcTimestamp=False)
        font = _subset(whole, set(map(ord, characters)) or {32})
        cmap, glyph_id = font.getBestCmap(), font.getGlyphID
        written = io.BytesIO()
        font.save(written)
        glyphs = [0] + [glyph_id(cmap[ord(one)]) if ord(one) in cmap else 0 for one in characters]
        widths = " ".join(f"{self._face.advances.get(one, 0.6) * 1000:.0f}" for one in characters)
        name = b"TANBAA+NotoSans-" + self._face.style.capitalize().encode()
        box = [round(value * 1000 / font["head"].unitsPerEm) for value in _bounds(font)]
        descriptor = (
            f"/Flags 4/FontBBox[{' '.join(map(str, box))}]/ItalicAngle 0/Ascent {self._face.ascent * 1000:.0f}"
            f"/Descent {-self._face.descent * 1000:.0f}/CapHeight {self._face.cap_height * 1000:.0f}/StemV 80"
        )
        return [
            (
                b"/Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R"
                % (name, first + 1, first + 4),
                None,
            ),
            (
                b"/Type/Font/Subtype/CIDFontType2/BaseFont/%s"
                b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                b"/FontDescriptor %d 0 R/CIDToGIDMap %d 0 R/DW 600/W[1[%s]]"
                % (name, first + 2, first + 5, widths.encode()),
                None,
            ),
            (b"/Type/FontDescriptor/FontName/%s%s/FontFile2 %d 0 R" % (name, descriptor.encode(), first + 3), None),
            (b"/Length1 %d" % len(written.getvalue()), written.getvalue()),
            (b"", _to_unicode(characters)),
            (b"", b"".join(number.to_bytes(2, "big") for number in glyphs)),
        ]


class _Numbers(dict[str, str]):
    """Character to its number in the document, as four hexadecimal digits, given at first sight."""

    def __missing__(self, character: str) -> str:
        number = self[character] = f"{len(self) + 1:04x}"
        return number


def _subset(font: TTFont, characters: set[int]) -> TTFont:
    options = subset.Options()
    options.layout_features = []
    options.name_IDs = []
    options.notdef_outline = True
    options.hinting = False
    options.drop_tables += ["STAT", "GPOS", "GSUB", "GDEF"]
    reduction = subset.Subsetter(options)
    reduction.populate(unicodes=characters)
    reduction.subset(font)
    return font


def _bounds(font: TTFont) -> tuple[int, int, int, int]:
    head = font["head"]
    return head.xMin, head.yMin, head.xMax, head.yMax


def _to_unicode(characters: list[str]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Tanba def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for start in range(0, len(characters), 100):  # the format allows a hundred at a time
        block = characters[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{number:04x}> <{one.encode('utf-16-be').hex()}>" for number, one in enumerate(block, start + 1)]
        lines.append("endbfchar")
    lines.append("endcmap end end")
    return "\n".join(lines).encode()
