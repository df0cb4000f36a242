"""Cuts Onest down to what the app's languages need: python build/fonts.py (needs fonttools and brotli).

Onest is under the SIL Open Font License; its licence stands beside the cut files. Three files are loaded by every first
visit (Russian, the Kazakh letters, ASCII with our punctuation); the others wait for other names and prices.
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
SOURCE = HERE.parent / "node_modules/@fontsource-variable/onest"
TARGET = HERE.parent / "src/ui/fonts"

RUSSIAN = "".join(chr(code) for code in range(0x410, 0x450)) + "ЁёІіҰұ№"
KAZAKH = "ӘәҒғҚқҢңӨөҮүҺһ"
LATIN = "".join(chr(code) for code in range(0x20, 0x7F)) + "\u00a0«»·–—‘’“”„…•−×"
ACCENTED = "".join(chr(code) for code in range(0xC0, 0x100) if code not in (0xD7,))
EXTENDED = "".join(chr(code) for code in range(0x100, 0x180) if code not in (0x131, 0x152, 0x153))

CUTS = (
    ("russian", "cyrillic", RUSSIAN),
    ("kazakh", "cyrillic-ext", KAZAKH),
    ("latin", "latin", LATIN),
    ("accented", "latin", ACCENTED + "ıŒœ"),
    ("extended", "latin-ext", EXTENDED),
    ("tenge", "latin-ext", "₸"),
)


def cut(name: str, source: str, letters: str) -> None:
    """One file: only these letters, only the weights in use, only the features that the app asks for."""
    font = TTFont(SOURCE / f"files/onest-{source}-wght-normal.woff2")
    missing = [letter for letter in letters if ord(letter) not in font.getBestCmap()]
    if missing:
        raise SystemExit(f"{source} has no {' '.join(missing)}")
    font = instancer.instantiateVariableFont(font, {"wght": (400, 800)})
    options = subset.Options(flavor="woff2", layout_features=["kern", "tnum", "mark", "ccmp", "locl"], hinting=False)
    worker = subset.Subsetter(options)
    worker.populate(text=letters)
    worker.subset(font)
    target = TARGET / f"onest-{name}.woff2"
    subset.save_font(font, target, options)
    print(target.name, target.stat().st_size)


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "LICENSE").write_bytes((SOURCE / "LICENSE").read_bytes())
    for name, source, letters in CUTS:
        cut(name, source, letters)
