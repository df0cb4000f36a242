"""Marks of other countries' systems: which one, and what says so."""
import re
from dataclasses import dataclass

from backend.core.gs1.scan import Kind, Scan

# Our own key ids begin with this letter.
OWN_KEY = "T"

_SYSTEMS = {
    "RU": "chestny_znak", "UZ": "asl_belgisi", "BY": "belarus", "KG": "kyrgyzstan", "AM": "armenia",
}
_PREFIXES = {"478": "UZ", "470": "KG", "481": "BY", "485": "AM", "487": "KZ"} | {
    str(prefix): "RU" for prefix in range(460, 470)
}
_RUSSIAN_KEY = re.compile(r"(?:EE|FF|F0)[0-9A-F]{2}", re.IGNORECASE)
_MARKING = frozenset({"01", "21", "91", "92", "93"})


@dataclass(frozen=True, slots=True)
class Foreign:
    """`system`: chestny_znak, asl_belgisi, belarus, kyrgyzstan, armenia, eu_medicines, gs1_other.
    `country`: ISO 3166 alpha-2, "EU" or None. `by`: prefix, key or format."""

    system: str
    country: str | None
    by: str


def country_of(gtin: str) -> str | None:
    """Country of a 14-digit GTIN's GS1 prefix among the marking systems around us, KZ included, else None.

    The prefix follows the indicator digit; a GTIN-8 has its own, six zeros later.
    """
    return _PREFIXES.get(gtin[6:9] if gtin.startswith("000000") else gtin[1:4])


def foreign(scan: Scan) -> Foreign | None:
    """The system that a mark unknown to our register belongs to; None for our own and for what is no mark."""
    if scan.kind is Kind.FUR and scan.fur is not None:
        return _by_country(scan.fur[:2], "format")
    if scan.kind is Kind.TOBACCO and scan.gtin is not None:
        return _by_country("RU" if country_of(scan.gtin) is None else country_of(scan.gtin), "format")
    if scan.kind is not Kind.MARK or scan.gtin is None:
        return None
    key = scan.key_id
    country = country_of(scan.gtin)
    if key is not None and key.startswith(OWN_KEY):
        return None
    if key is not None and _RUSSIAN_KEY.fullmatch(key):
        return _by_country("RU", "key")
    if {"10", "17"} <= scan.ais.keys() and not {"91", "92", "93"} & scan.ais.keys():
        return Foreign("eu_medicines", "EU", "format")
    if country is not None:
        return _by_country(country, "prefix")
    if key is not None:
        return Foreign("gs1_other", None, "key")
    if "93" in scan.ais:
        return _by_country("RU", "format")
    return Foreign("gs1_other", None, "format") if scan.ais.keys() - _MARKING else None


def _by_country(country: str | None, by: str) -> Foreign | None:
    return Foreign(_SYSTEMS[country], country, by) if country in _SYSTEMS else None
