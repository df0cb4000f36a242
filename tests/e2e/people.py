"""People before a browser, and the steps they take there: with a key they sign, come in, register, open their mail.

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

from playwright.sync_api import Locator, Page, expect

from backend.demo.people import PASSWORD
from backend.organisations.rules import tax_number_valid
from backend.settings import ROOT
from backend.signatures import signer
from backend.signatures.devca import DevCA
from tests.e2e.conftest import World

WORDS = ROOT / "pwa" / "src" / "i18n"
PATIENCE = 25_000
expect.set_options(timeout=PATIENCE)

DESK = {"width": 1280, "height": 800}
ANDROID = {
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
    "is_mobile": True,
    "has_touch": True,
}
# The browser itself writes these down whenever a server refuses or is not reached; the app has said it in words.
REFUSED = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")

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


def demo_key(world: World, name: str, **whose: Any) -> Key:
    """The key of somebody in the demo world."""
    return Key(world.instance / "demo" / "keys" / f"{name}.p12", **{"iin": "", "name": name} | whose)


def firm_key(world: World, folder: Path, **changes: Any) -> Key:
    """A head's key of a company that nobody has registered."""
    return _key(world, folder, bin=tax_number("2105400"), organisation="ТОО «Сапа Аяқкиім»", **changes)


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
    return "".join(re.escape(part) if at % 2 == 0 else part for at, part in enumerate(parts))


def words_of(key: str, language: str = "ru") -> re.Pattern[str]:
    """The same, anywhere inside a text."""
    return re.compile(said(key, language).pattern.removeprefix("^").removesuffix("$").removesuffix(r"(\s\*)?"))


def press(page: Page | Locator, key: str, language: str = "ru", role: str = "button") -> None:
    """`page` may be a part of one."""
    page.get_by_role(role, name=said(key, language)).first.click()


def heading(page: Page, key: str, language: str = "ru") -> None:
    expect(page.get_by_role("heading", level=1, name=said(key, language))).to_be_visible()


def no_complaints(page: Page) -> None:
    assert [said for said in page.complaints if not any(words in said for words in REFUSED)] == []


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog")


def choose_way(page: Page, way: str, language: str = "ru") -> None:
    """In the sheet that asks for a signature."""
    row = said(f"sign.way.{way}", language)
    sheet(page).get_by_role("button").filter(has=page.get_by_text(row)).click()


def open_file(page: Page, key: Key, password: str | None = None, language: str = "ru") -> None:
    """Choose the key's file and give its password, as far as the button that opens it."""
    sheet(page).locator("input[type=file]").set_input_files(str(key.file))
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


def come_in(page: Page, key: Key, organisation_id: str | None = None) -> None:
    """A session for this browser without the screens of the log-in: the same requests, the same signature."""
    world = re.match(r"https?://[^/]+", page.url)
    assert world
    api = world[0] + "/api/v1"
    asked = page.request.post(f"{api}/auth/challenge").json()
    cms = signer.sign(key.content, key.password, b64decode(asked["document"]))
    proof = {"challenge_id": asked["challenge_id"], "cms": b64encode(cms).decode(), "organisation_id": organisation_id}
    answer = page.request.post(f"{api}/auth/login", data=proof)
    assert answer.ok, answer.text()
    me = page.request.get(f"{api}/me").text()
    page.evaluate("(me) => localStorage.setItem('tanba.me', me)", me)


def begin(page: Page, key: Key) -> None:
    """From the checklist to the data of the certificate."""
    press(page, "registration.begin")
    sign_with_file(page, key)
    heading(page, "registration.data")


def fill_in(page: Page, kind: str = "wholesaler", email: str = "head@example.kz", phone: str = "701 234 56 78") -> None:
    """From the data of the certificate to the documents."""
    press(page, "registration.continue")
    heading(page, "registration.who")
    page.get_by_role("radio", name=words_of(f"registration.kind_{kind}")).first.check()
    page.get_by_role("group", name=said("registration.groups")).get_by_role("checkbox").first.check()
    press(page, "registration.continue")
    heading(page, "registration.contact")
    page.get_by_label(said("registration.email")).fill(email)
    page.get_by_label(said("registration.phone")).fill(phone)
    press(page, "registration.continue")
    heading(page, "registration.sign")


def agree(page: Page) -> None:
    """Read both documents, tick both, and ask for the signature."""
    for at, paper in enumerate(("agreement", "contract")):
        page.get_by_role("button", name=said("registration.read")).nth(at).click()
        expect(sheet(page).get_by_role("paragraph").first).to_contain_text(re.compile(r"\S"))
        press(sheet(page), "registration.text_close")
        page.get_by_label(said(f"registration.{paper}_agreed")).check()
    press(page, "registration.sign_both")
    expect(sheet(page)).to_be_visible()


def open_mail(page: Page, to: str) -> None:
    """From the page that waits for it to the newest letter to this address, and through the link in it."""
    press(page, "registration.letter_mailbox", role="link")
    heading(page, "notifications.mailbox")
    page.get_by_role("main").get_by_role("link").filter(has_text=to).first.click()
    page.get_by_role("article").get_by_role("link").first.click()
    heading(page, "registration.confirmed")


def register(page: Page, key: Key, email: str, kind: str = "wholesaler") -> None:
    """All that an applicant with a key file does, up to the operator's desk. Begins at the checklist."""
    begin(page, key)
    fill_in(page, kind, email)
    agree(page)
    sign_with_file(page, key)
    heading(page, "registration.letter")
    open_mail(page, email)


def decide(page: Page, name: str, approve: bool = True, text: str = "") -> None:
    """The operator's word on the application of this participant; `page` is at the desk."""
    page.get_by_role("list", name=said("registration.desk")).get_by_role("link").filter(has_text=name).first.click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    if approve:
        press(page, "registration.desk_approve")
        press(sheet(page), "registration.desk_approve")
        expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
        return
    press(page, "registration.desk_refuse")
    sheet(page).get_by_role("checkbox").first.check()
    sheet(page).get_by_role("textbox").fill(text)
    press(sheet(page), "registration.desk_refuse_send")
    expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
