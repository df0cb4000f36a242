"""Every screen of participants, in three languages and two themes, at 320 px: no axe violation (WCAG 2.2 AA), no
complaint of the console, no third-party request, nothing wider than the screen."""

from base64 import b64decode, b64encode
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from backend.core import clock
from backend.core.api import unit_of_work
from backend.notifications import telling
from backend.organisations import queries as organisations
from backend.organisations import service
from backend.organisations.rules import Function, Role
from backend.signatures import signer
from tests import registering
from tests.e2e.conftest import Browse, World
from tests.e2e.people import (
    PASSWORD,
    choose_way,
    come_in,
    demo_key,
    no_complaints,
    open_file,
    press,
    said,
    sheet,
    sign_challenge,
    tax_number,
)
from tests.e2e.test_screens import LOCALES, SMALL, sound

pytestmark = pytest.mark.e2e

OWNER = "importer-shoes"
CONTRAST = """() => axe.run(document, { runOnly: { type: 'rule', values: ['color-contrast'] } })
    .then((result) => result.violations.flatMap(({ nodes }) => nodes.map((one) => one.html.slice(0, 160))))"""
CABINET = (
    "/home",
    "/account",
    "/inbox",
    "/inbox/choices",
    "/outbox",
    "/stock",
    "/stock/boxes",
    "/stock/pack",
    "/organisation",
    "/organisation/profile",
    "/organisation/places",
    "/organisation/places/new",
    "/organisation/staff",
    "/organisation/staff/new",
    "/organisation/powers",
    "/organisation/powers/new",
    "/organisation/audit",
    "/integrations",
    "/integrations/webhooks",
)
# What opens over a screen.
SHEETS = {
    "/integrations": "integrations.key_add",
    "/integrations/webhooks": "integrations.webhook_add",
    "member": "organisation.block",
    "power": "organisation.revoke",
}
STEPS = ("data", "who", "contact", "sign")


@pytest.fixture(scope="module")
def furnished(world: World) -> dict[str, str]:
    """Something stands on every screen; the addresses of single things by name."""
    client = world.app.test_client()
    source = demo_key(world, OWNER).content
    assert registering.log_in(client, source).status_code == 200
    post(client, "places", PLACE)
    place = post(client, "places", PLACE | {"kind": "shop"})["places"][0]
    terms = {"functions": ["audit", "labels"], "valid_until": None, "title": "Кассир", "place_ids": []}
    invitation = post(client, "staff/invitations", terms | {"name": "Айнұр", "iin": None})
    member = world_member(world)
    today = clock.now().date()
    days = {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=90)).isoformat()}
    paper = post(client, "powers", {"membership_id": member, "functions": ["acts"], **days})["documents"][0]
    cms = b64encode(signer.sign(source, PASSWORD, b64decode(paper["bytes"]))).decode()
    power = post(client, f"powers/{paper['id']}/sign", {"signatures": [{"id": paper["id"], "cms": cms}]})
    until = (clock.now() + timedelta(days=30)).isoformat()
    post(client, "api-keys", {"name": "1C", "scopes": ["codes:see"], "expires_at": until})
    events = client.get("/api/v1/webhooks").json["events"]
    webhook = post(client, "webhooks", {"url": "https://hooks.example.kz/tanba", "events": events[:1]})
    with world.app.app_context():
        registering.unconfirmed(world.app.test_client(), demo_key(world, "new-company").content)
        telling.tell_forgotten()
    return {
        "place": f"/organisation/places/{place['id']}",
        "invitation": f"/organisation/staff/{invitation['id']}",
        "member": f"/organisation/staff/{member}",
        "power": f"/organisation/powers/{power['id']}",
        "webhook": f"/integrations/webhooks/{webhook['id']}",
        "join": urlsplit(invitation["link"]).path,
    }


PLACE = {
    "kind": "warehouse",
    "names": {"kk": "Негізгі қойма", "ru": "Основной склад", "en": "Main warehouse"},
    "address": {"region": "Алматы", "locality": "Алматы", "line": "Сүйінбай даңғылы, 2", "postcode": "050000"},
}


def post(client: FlaskClient, path: str, body: dict) -> dict:
    answer = client.post(f"/api/v1/{path}", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code < 300, (path, answer.get_data(as_text=True))
    return answer.json


def world_member(world: World) -> str:
    """A member of the owner's staff beside the head; returns the membership's id."""
    with world.app.app_context():
        owner = organisations.by_tax_number("210540000020").id
        name = "Мұхамедқалиева Гүлжиһан Нұрмұхамедқызы"
        iin = tax_number("9203034")
        return unit_of_work(
            lambda: service.add_member(owner, iin=iin, name=name, role=Role.EMPLOYEE, functions=[Function.ACTS])
        )


def look(page: Page, where: str, language: str) -> None:
    """Both themes of what is on screen now."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(said("app.loading", language))).to_have_count(0)
    page.emulate_media(color_scheme="light")
    sound(page, where)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(CONTRAST) == [], f"{where}, dark"


def opened(browse: Browse, path: str, language: str, **options: object) -> Page:
    page = browse(path, size=SMALL, locale=LOCALES[language], **options)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    return page


def done(page: Page, world: World) -> None:
    no_complaints(page)
    hosts = {urlsplit(url).netloc for url in page.asked if not url.startswith(("blob:", "data:"))}
    assert hosts == {f"localhost:{world.port}"}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_cabinet(browse: Browse, world: World, furnished: dict[str, str], language: str) -> None:
    page = opened(browse, "/login", language)
    look(page, "login", language)
    come_in(page, demo_key(world, OWNER))
    for path in (*CABINET, *furnished.values()):
        page.goto(world.address + path)
        look(page, path, language)
        expect(page.get_by_role("alert")).to_have_count(0)
    for path, verb in SHEETS.items():
        page.goto(world.address + furnished.get(path, path))
        press(page, verb, language)
        expect(sheet(page)).to_be_visible()
        look(page, verb, language)
    page.goto(world.address + "/mailbox")
    look(page, "mailbox", language)
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.get_by_role("article")).to_be_visible()
    look(page, "letter", language)
    done(page, world)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_operators_desk(browse: Browse, world: World, furnished: dict[str, str], language: str) -> None:
    page = opened(browse, "/login", language)
    come_in(page, demo_key(world, "operator"))
    page.goto(world.address + "/desk")
    look(page, "desk", language)
    queue = page.get_by_role("list", name=said("registration.desk", language))
    queue.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    look(page, "application", language)
    for verb in ("approve", "refuse"):
        press(page, f"registration.desk_{verb}", language)
        expect(sheet(page)).to_be_visible()
        look(page, verb, language)
        page.keyboard.press("Escape")
    page.goto(world.address + "/inbox")
    expect(page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
    look(page, "inbox", language)
    done(page, world)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.usefixtures("furnished")
def test_registration_and_the_sheet_that_asks_for_a_signature(browse: Browse, world: World, language: str) -> None:
    page = opened(browse, "/register", language)
    look(page, "checklist", language)
    key = demo_key(world, "refused-retail")
    apply(page, world, "new-company")
    look(page, "letter on its way", language)
    press(page, "registration.letter_other", language)
    look(page, "another address", language)
    apply(page, world, "waiting-importer")
    look(page, "waiting", language)
    apply(page, world, "refused-retail")
    look(page, "refused", language)
    for step in STEPS:
        page.goto(f"{world.address}/register/{step}")
        look(page, step, language)
    press(page, "registration.sign_both", language)
    look(page, "not ticked", language)
    press(page, "registration.read", language)
    look(page, "agreement", language)
    page.keyboard.press("Escape")
    for paper in ("agreement", "contract"):
        page.get_by_label(said(f"registration.{paper}_agreed", language)).check()
    press(page, "registration.sign_both", language)
    expect(sheet(page)).to_be_visible()
    look(page, "ways", language)
    choose_way(page, "ncalayer", language)
    expect(sheet(page).get_by_role("button", name=said("sign.ncalayer.connect", language))).to_be_visible()
    look(page, "NCALayer", language)
    press(sheet(page), "sign.other_way", language)
    choose_way(page, "egov_mobile", language)
    expect(page.get_by_role("img", name=said("sign.egov.code", language))).to_be_visible()
    look(page, "eGov", language)
    press(sheet(page), "sign.other_way", language)
    choose_way(page, "p12", language)
    open_file(page, key, password="wrong", language=language)
    expect(sheet(page).get_by_role("alert")).to_be_visible()
    look(page, "wrong password", language)
    open_file(page, key, language=language)
    sheet(page).get_by_label(said("sign.remember", language)).check()
    look(page, "opened key", language)
    done(page, world)


def apply(page: Page, world: World, owner: str) -> None:
    """This browser takes up the application of somebody in the demo world."""
    proof = sign_challenge(page, demo_key(world, owner))
    answer = page.request.post(world.address + "/api/v1/registration/begin", data=proof)
    assert answer.ok, answer.text()
    page.evaluate("localStorage.setItem('tanba.applied', '1')")
    page.goto(world.address + "/register")
