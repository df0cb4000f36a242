"""People before a browser: their keys, how they sign and come in, and the words by which they find their way.

Buttons and fields are found by role and by the very words of the catalogue, so that a sentence may be polished without
any test knowing.
"""

import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Locator, Page, expect

from backend.demo.people import PASSWORD
from backend.organisations.rules import tax_number_valid
from backend.settings import ROOT
from backend.signatures import signer
from backend.signatures.devca import DevCA
from tests.e2e.conftest import Browse, World

WORDS = ROOT / "pwa" / "src" / "i18n"

DESK = {"width": 1280, "height": 800}
ANDROID = {
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
    "is_mobile": True,
    "has_touch": True,
}
# The browser itself writes these down whenever a server refuses or is not reached; the app has said it in words.
REFUSED = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")

# What the API gives to whoever has the permission.
GUARDED = {
    "audit:see": "audit",
    "staff:manage": "staff",
    "integrations:manage": "api-keys",
    "registrations:review": "desk/registrations",
}

_numbers = iter(range(4000, 10_000))


@dataclass(frozen=True, slots=True)
class Key:
    """A PKCS#12 file and whose it is; `bin` and `organisation` are None with an individual's."""

    file: Path
    iin: str
    name: str
    bin: str | None = None
    organisation: str | None = None
    password: str = PASSWORD

    @property
    def content(self) -> bytes:
        return self.file.read_bytes()

    @property
    def shown(self) -> re.Pattern[str]:
        """The surname, however a screen writes it."""
        return re.compile(self.name.split()[0], re.IGNORECASE)


def demo_key(world: World, owner: str, name: str = "", bin: str | None = None) -> Key:
    """The key of somebody in the demo world."""
    return Key(world.instance / "demo" / "keys" / f"{owner}.p12", "", name or owner, bin)


def firm_key(world: World, folder: Path, **changes: Any) -> Key:
    """A head's key of a company that nobody has registered."""
    return _key(world, folder, **{"bin": tax_number("2105400"), "organisation": "ТОО «Сапа Аяқкиім»"} | changes)


def own_key(world: World, folder: Path, **changes: Any) -> Key:
    """An individual's key."""
    return _key(world, folder, **changes)


def _key(world: World, folder: Path, *, bin: str | None = None, organisation: str | None = None, **changes: Any) -> Key:
    given: dict[str, Any] = {
        "iin": tax_number("9001013"),
        "name": "ЖАНДОСОВА САУЛЕ ЕРМЕКҚЫЗЫ",
        "password": PASSWORD,
        "term": timedelta(days=365),
    } | changes
    path = folder / f"{bin or given['iin']}-{next(_numbers)}.p12"
    authority = DevCA(world.instance / "devca")
    path.write_bytes(authority.issue(bin=bin, organisation=organisation, **given))
    return Key(path, given["iin"], given["name"], bin, organisation, given["password"])


def tax_number(start: str) -> str:
    """A fresh number with a true check digit; `start` is its first seven digits."""
    while True:
        serial = next(_numbers)
        for last in range(10):
            if tax_number_valid(number := f"{start}{serial}{last}"):
                return number


@lru_cache
def _catalogue(language: str) -> dict[str, Any]:
    folder = WORDS / language
    return {
        key: words
        for file in sorted(folder.glob("*.json"))
        for key, words in json.loads(file.read_text(encoding="utf-8")).items()
    }


def said(key: str, language: str = "ru", **filled: object) -> re.Pattern[str]:
    """The words of a key as a whole name; what is not given to fill in may be anything, and so may the plural."""
    message = _catalogue(language)[key]
    forms = [message] if isinstance(message, str) else list(message.values())
    return re.compile("^(" + "|".join(_filled(form, filled) for form in forms) + r")(\s\*)?$")


def _filled(text: str, given: dict[str, object]) -> str:
    parts = re.split(r"\{(\w+)\}", text)
    for at in range(1, len(parts), 2):
        parts[at] = re.escape(str(given[parts[at]])) if parts[at] in given else ".*"
    # What does not break on screen is a plain blank where names are read.
    return "".join(
        re.sub(r"\\?[ \xa0]", r"\\s", re.escape(part)) if at % 2 == 0 else part for at, part in enumerate(parts)
    )


def words_of(key: str, language: str = "ru") -> re.Pattern[str]:
    """The same, anywhere inside a text."""
    return re.compile(said(key, language).pattern.removeprefix("^").removesuffix("$").removesuffix(r"(\s\*)?"))


def press(page: Page | Locator, key: str, language: str = "ru", role: str = "button") -> None:
    """`page` may be a part of one."""
    page.get_by_role(role, name=said(key, language)).first.click()


def follow(page: Page | Locator, key: str, language: str = "ru") -> None:
    """A row of a list, whatever else stands in it."""
    words = (page if isinstance(page, Page) else page.page).get_by_text(said(key, language))
    page.get_by_role("link").filter(has=words).first.click()


def heading(page: Page, key: str, language: str = "ru") -> None:
    expect(page.get_by_role("heading", level=1, name=said(key, language))).to_be_visible()


def no_complaints(page: Page) -> None:
    assert [said for said in page.complaints if not any(words in said for words in REFUSED)] == []


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog")


def choose(place: Page | Locator, key: str, *files: Path | FilePayload, language: str = "ru") -> None:
    """By the button, as a person does: it must be there and on top before anything is chosen."""
    with (place if isinstance(place, Page) else place.page).expect_file_chooser() as asked:
        press(place, key, language)
    asked.value.set_files(list(files))


def choose_way(page: Page, way: str, language: str = "ru") -> None:
    """In the sheet that asks for a signature."""
    row = said(f"sign.way.{way}", language)
    sheet(page).get_by_role("button").filter(has=page.get_by_text(row)).click()


def open_file(
    page: Page, key: Key, *, file: Path | None = None, password: str | None = None, language: str = "ru"
) -> None:
    """Choose the key's file (or another one) and give its password, as far as the button that opens it."""
    sheet(page).locator("input[type=file][accept*='.p12']").set_input_files(str(file or key.file))
    sheet(page).get_by_label(said("sign.file.password", language)).fill(password or key.password)
    press(sheet(page), "sign.file.open", language)


def sign_with_file(page: Page, key: Key, language: str = "ru") -> None:
    """The whole way of a key file through the sheet."""
    choose_way(page, "p12", language)
    open_file(page, key, language=language)
    expect(sheet(page).get_by_label(said("sign.who", language))).to_contain_text(key.shown)
    press(sheet(page), "sign.sign", language)
    expect(sheet(page)).to_have_count(0)


def sign_in(page: Page, key: Key, language: str = "ru") -> None:
    """From the log-in page to wherever it leads."""
    press(page, "registration.login_sign", language)
    sign_with_file(page, key, language)


def come_in(page: Page, key: Key) -> None:
    """A session for this browser without the screens of the log-in: the same requests, the same signature."""
    answer = page.request.post(f"{_api(page)}/auth/login", data=sign_challenge(page, key))
    assert answer.ok, answer.text()
    me = page.request.get(f"{_api(page)}/me").text()
    page.evaluate("(me) => localStorage.setItem('tanba.me', me)", me)


def sign_challenge(page: Page, key: Key) -> dict[str, str]:
    asked = page.request.post(f"{_api(page)}/auth/challenge").json()
    cms = signer.sign(key.content, key.password, b64decode(asked["document"]))
    return {"challenge_id": asked["challenge_id"], "cms": b64encode(cms).decode()}


def _api(page: Page) -> str:
    return re.sub(r"(https?://[^/]+).*", r"\1/api/v1", page.url)


def invite(page: Page, name: str, functions: list[str]) -> str:
    """A head makes an invitation to an employee with these functions; returns its link."""
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/organisation/staff/new", page.url))
    page.get_by_label(said("organisation.name_hint")).fill(name)
    for one in functions:
        entrusted = page.get_by_role("group", name=said("organisation.functions"))
        entrusted.get_by_role("checkbox", name=words_of(f"organisation.can_{one}")).check()
    press(page, "organisation.make_invitation")
    link = page.get_by_text(re.compile(r"^https?://\S+/join/\S+$"))
    expect(link).to_be_visible()
    return link.inner_text()


def join(page: Page, key: Key) -> None:
    """From the page of an invitation into the cabinet."""
    press(page, "organisation.join_accept")
    sign_with_file(page, key)
    heading(page, "organisation.joined")
    press(page.get_by_role("main"), "app.sign_in", role="link")
    sign_in(page, key)
    expect(tiles(page)).to_be_visible()


def tiles(page: Page, language: str = "ru") -> Locator:
    """What the cabinet's first page offers."""
    return page.get_by_role("list", name=said("registration.home_tiles", language))


def employs(browse: Browse, head: Page, key: Key, function: str, permission: str) -> Page:
    """A head takes somebody on for one function: the cabinet opens, and the server lets them do that and no more."""
    path = urlsplit(invite(head, key.name, [function])).path
    page = browse(path)
    heading(page, "organisation.join")
    expect(page.get_by_role("main")).to_contain_text(words_of(f"organisation.can_{function}"))
    join(page, key)
    assert page.request.get(f"{_api(page)}/me").json()["permissions"] == [permission]
    for needed, path in GUARDED.items():
        answer = page.request.get(f"{_api(page)}/{path}")
        assert answer.status == (200 if needed == permission else 403), path
    return page
