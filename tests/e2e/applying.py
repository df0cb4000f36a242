"""The steps of an applicant from the checklist to the operator's desk, and the operator's word there."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.people import Key, heading, press, said, sheet, sign_with_file, words_of


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


def approve(page: Page, name: str) -> None:
    """The operator lets this participant in; `page` is at the desk."""
    _take_up(page, name)
    press(page, "registration.desk_approve")
    press(sheet(page), "registration.desk_approve")
    expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()


def refuse(page: Page, name: str, text: str) -> str:
    """The operator sends this application back with a word of explanation; returns the reason that was chosen."""
    _take_up(page, name)
    press(page, "registration.desk_refuse")
    reasons = sheet(page).get_by_role("group", name=said("registration.desk_reasons")).locator("label")
    reasons.first.click()
    sheet(page).get_by_role("textbox").fill(text)
    reason = reasons.first.inner_text().strip()
    press(sheet(page), "registration.desk_refuse_send")
    expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
    return reason


def _take_up(page: Page, name: str) -> None:
    queue = page.get_by_role("list", name=said("registration.desk"))
    queue.get_by_role("link").filter(has_text=name).first.click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
