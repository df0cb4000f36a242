"""Reading whatever a scanner, a paste or a link delivers. Never raises; says what was repaired and what is wrong."""
import re
from collections.abc import Sequence
from dataclasses import replace

from backend.core.gs1.check_digits import gtin14, is_gtin14, is_sscc, national_number
from backend.core.gs1.digital_link import LinkError, parse_digital_link
from backend.core.gs1.elements import GS, ElementError, collect, join, parse
from backend.core.gs1.normalise import GS1_SYMBOLOGIES, clean, variants, without_prefix
from backend.core.gs1.restore import certain_serials, fits, restored
from backend.core.gs1.scan import Kind, Scan, Template
from backend.core.gs1.table import ALPHABETS

_X = ALPHABETS["x"]
_FULL = re.compile(f"(?:\\]d2)?{GS}?01([0-9]{{14}})21({_X}{{1,20}}){GS}91({_X}{{1,90}}){GS}92({_X}{{1,90}})")
# Without the characters that begin a notation of spreadsheets or web pages: nothing in it could want undoing.
_IDENTIFICATION = re.compile(r"01([0-9]{14})21([!'-;=>?A-Za-z]{1,20})")
_FUR = re.compile(r"(?ai)(?:RU|AM|BY|KZ|KG)-[A-Z0-9]{6}-[A-Z0-9]{10}")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_TOBACCO = re.compile(f"([0-9]{{14}})({_X}{{7}}){_X}{{4}}(?:{_X}{{4}})?")
_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1c\x1e\x1f\x7f-\x9f\ud800-\udfff]")
_TAIL_INSIDE = re.compile("9[123]")
_LINK = re.compile(r"(?:[Hh][Tt]{2}[Pp][Ss]?://)?(?:[A-Za-z0-9\-]+\.)*[A-Za-z0-9\-]+(?::[0-9]+)?/.*", re.DOTALL)
_MARK_LIKE = re.compile(r"[(\[]?01[)\]]?[0-9]{14}|[(\[]?00[)\]]?[0-9]{18}|[0-9]{14}21|[0-9]{8}$|[0-9]{12,14}$")
_KEYS = frozenset({"00", "01", "02"})


def read(text: str, symbology: str | None = None, templates: Sequence[Template] = ()) -> Scan:
    """Read one code. `symbology`: the decoder's identifier ("]d2"), if known. `templates`: the groups' shapes.

    A separator that was lost is restored only when exactly one cut fits the templates; without templates a code
    that lost it is UNREADABLE "gs_lost". A text that parses as it stands and fits a template is never touched.
    """
    match = _FULL.fullmatch(text)
    if match is not None:
        gtin, serial, key_id, tail = match.groups()
        if is_gtin14(gtin) and (not templates or any(fits(one, serial, key_id, tail) for one in templates)):
            at = match.start(1) - 2
            return Scan(Kind.MARK, gtin, serial, key_id, tail, None, None,
                        {"01": gtin, "21": serial, "91": key_id, "92": tail},
                        ("prefix",) if at else (), None, text[at:] if at else text)
    match = _IDENTIFICATION.fullmatch(text)
    if match is not None:
        gtin, serial = match.groups()
        if is_gtin14(gtin) and (not templates or any(fits(one, serial, None, None) for one in templates)):
            return Scan(Kind.MARK, gtin, serial, ais={"01": gtin, "21": serial}, text=text)
    return _read_any(text, symbology, templates)


def _read_any(text: str, symbology: str | None, templates: Sequence[Template]) -> Scan:
    bare, prefix = without_prefix(text)
    ais, rank = _elements(bare, templates)
    if ais is not None and rank == _FITS and (templates or GS in bare) and "21" in ais:
        return _scan(ais, ("prefix",) if bare != text else ())
    cleaned, repairs, found = clean(text)
    gs1 = symbology in GS1_SYMBOLOGIES or prefix in GS1_SYMBOLOGIES or found in GS1_SYMBOLOGIES
    scan = _read_clean(cleaned, gs1, templates)
    if "layout" in repairs and scan.kind in (Kind.OTHER, Kind.ELEMENTS) and not gs1:
        # Russian or Kazakh words, not a code that was typed in their layout.
        return Scan(Kind.OTHER, text=text.strip(" \t\r\n"))
    return replace(scan, repairs=tuple(dict.fromkeys(repairs + scan.repairs)))


def _read_clean(text: str, gs1: bool, templates: Sequence[Template]) -> Scan:
    if not text:
        return Scan(Kind.UNREADABLE, problem="empty")
    for special in (_fur, _number) if not gs1 else (_fur,):
        scan = special(text)
        if scan is not None:
            return scan
    if "/" in text and _LINK.fullmatch(text):
        scan = _link(text)
        if scan is not None:
            return scan
    return _message(text, gs1, templates)


def _fur(text: str) -> Scan | None:
    dashed = _DASHES.sub("-", text)
    if not _FUR.fullmatch(dashed):
        return None
    # The alphabet has no small letters and only one dash, so both are certain.
    repairs = (("invisible",) if dashed != text else ()) + (("case",) if dashed.upper() != dashed else ())
    return Scan(Kind.FUR, fur=dashed.upper(), text=dashed.upper(), repairs=repairs)


def _number(text: str) -> Scan | None:
    if not (text.isascii() and text.isdigit()):
        return None
    if national_number(text) is not None:
        return Scan(Kind.GTIN, ntin=text, text=text)
    if is_sscc(text):
        return replace(_scan({"00": text}, ()), repairs=("ai_restored",))
    try:
        return Scan(Kind.GTIN, gtin=gtin14(text), text=text)
    except ValueError:
        return None


def _link(text: str) -> Scan | None:
    head, separator, rest = text.partition("://")
    uri = f"{head.lower()}://{rest}" if separator else f"https://{text}"
    try:
        return _scan(parse_digital_link(uri, short_gtin=True), ("link",))
    except LinkError as error:
        if error.problem != "link" and re.search("/0[01]/[0-9]{14}", uri):
            return Scan(Kind.UNREADABLE, problem=error.problem, text=text, repairs=("link",))
        return Scan(Kind.OTHER, text=text) if separator else None


_FITS, _CUT, _VALID, _DAMAGED, _BROKEN = range(5)


def _elements(text: str, templates: Sequence[Template]) -> tuple[dict[str, str] | None, int]:
    """The message as it stands or as the templates cut it, and how good that is; None if it is neither."""
    try:
        ais = parse(text)
    except ElementError:
        ais = None
    if ais is not None:
        if "01" not in ais or "21" not in ais or not templates:
            return ais, _FITS
        if any(fits(one, ais["21"], ais.get("91"), ais.get("92", ais.get("93"))) for one in templates):
            return ais, _FITS
    cuts = restored(text, templates)
    if len(cuts) == 1 and is_gtin14(cuts[0][0][1]):
        return collect(cuts[0]), _CUT
    if ais is not None:
        return ais, _VALID
    serials = certain_serials(text, templates) if not cuts else []
    if len(serials) == 1 and is_gtin14(serials[0][0][1]):
        return collect(serials[0]), _DAMAGED
    return None, _BROKEN


def _message(text: str, gs1: bool, templates: Sequence[Template]) -> Scan:
    best: tuple[dict[str, str] | None, int, tuple[str, ...]] = (None, _BROKEN, ())
    tobacco = None
    for variant, repairs in variants(text):
        ais, rank = _elements(variant, templates)
        if ais is not None and not gs1 and "brackets" not in repairs and not _KEYS & ais.keys():
            ais, rank = None, _BROKEN  # letters that happen to look like "90…": nothing says that it is GS1
        if rank < best[1]:
            best = ais, rank, repairs
        if rank == _FITS:
            break
        tobacco = tobacco or _tobacco(variant, repairs)
    ais, rank, repairs = best
    if ais is None:
        return tobacco or _failure(text, gs1)
    if rank == _CUT:
        return _scan(ais, (*repairs, "gs_restored"))
    if rank == _DAMAGED:
        return replace(_scan(ais, (*repairs, "gs_restored")), problem="tail")
    return _scan(ais, repairs)


def _tobacco(text: str, repairs: tuple[str, ...]) -> Scan | None:
    match = _TOBACCO.fullmatch(text)
    if match is None or text.isdigit() or not is_gtin14(match[1]):
        return None
    return Scan(Kind.TOBACCO, match[1], match[2], text=text, repairs=repairs)


def _scan(ais: dict[str, str], repairs: tuple[str, ...]) -> Scan:
    text = join(ais.items())
    if "01" in ais and "21" in ais:
        return Scan(Kind.MARK, ais["01"], ais["21"], ais.get("91"), ais.get("92", ais.get("93")), ais=ais,
                    repairs=repairs, text=text)
    if "00" in ais:
        return Scan(Kind.PACKAGE, sscc=ais["00"], ais=ais, repairs=repairs, text=text)
    return Scan(Kind.ELEMENTS, ais.get("01"), ais=ais, repairs=repairs, text=text)


def _failure(text: str, gs1: bool) -> Scan:
    if _ILLEGIBLE.search(text):
        return Scan(Kind.UNREADABLE, problem="characters", text=text)
    if not gs1 and not _MARK_LIKE.match(text):
        return Scan(Kind.OTHER, text=text)
    if not text.isascii():
        return Scan(Kind.UNREADABLE, problem="characters", text=text)
    if text.isdigit() and len(text) in (8, 12, 13, 14):
        return Scan(Kind.UNREADABLE, problem="check_digit", text=text)
    return Scan(Kind.UNREADABLE, problem=_why(text), text=text)


def _why(text: str) -> str:
    """The first thing that is wrong with the least repaired variant that begins like a message."""
    problem = "syntax"
    for variant, _ in variants(text):
        try:
            parse(variant)
        except ElementError as error:
            field = variant[18:].split(GS, 1)[0]
            if error.problem == "length" and error.ai == "21" and _TAIL_INSIDE.search(field):
                return "gs_lost"
            if problem == "syntax":
                problem = error.problem
    return problem


def swapped_case(scan: Scan) -> Scan | None:
    """The mark as caps lock would have been off: text alone cannot tell, so try it against the register.

    None for what is not a mark, or has no letters to swap.
    """
    if scan.kind is not Kind.MARK or scan.serial is None:
        return None
    ais = {ai: value if ai == "01" else value.swapcase() for ai, value in scan.ais.items()}
    return None if ais == scan.ais else _scan(ais, (*scan.repairs, "case"))
