"""Reading and making GS1 codes: element strings, Digital Links, marks, fur marks, packages. Pure; never does I/O."""
from backend.core.gs1.check_digits import check_digit, gtin14, is_checked, is_gtin14, is_sscc, national_number, sscc
from backend.core.gs1.digital_link import LinkError, digital_link, link_of, parse_digital_link
from backend.core.gs1.elements import GS, ElementError, bracketed, build, parse
from backend.core.gs1.foreign import OWN_KEY, Foreign, country_of, foreign
from backend.core.gs1.read import read, swapped_case
from backend.core.gs1.scan import Kind, Scan, Template

__all__ = [
    "GS", "OWN_KEY", "ElementError", "Foreign", "Kind", "LinkError", "Scan", "Template", "bracketed", "build",
    "check_digit", "country_of", "digital_link", "foreign", "gtin14", "is_checked", "is_gtin14", "is_sscc", "link_of",
    "national_number", "parse", "parse_digital_link", "read", "sscc", "swapped_case",
]
