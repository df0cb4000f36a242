"""The verbs of notifications that other domains use."""

from collections.abc import Mapping
from typing import Any

from backend.notifications import letters


def mail(*, to: str, template: str, language: str, params: Mapping[str, Any]) -> str:
    """Queue a letter in the open transaction; a job sends it, and tries again for a day. Returns the letter's id.

    `template` is one of templates/*: registration_confirm (organisation, link), registration_approved (organisation,
    link), registration_refused (organisation, reasons, link), invitation (organisation, link, until), new_device
    (device, at, link), digest (count, lines, link), act_invitation (organisation, number, units, until, link).
    `language` is kk, ru or en. Values are text, numbers, dates and moments, {"kk", "ru", "en"} names, or lists; `link`
    is an address of this installation. Raises AddressInvalid.
    """
    return letters.write(to=to, template=template, language=language, params=params)
