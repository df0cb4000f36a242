"""Stock on a phone: goods are found by size, place and state, lie in boxes that are packed, looked into and opened, and
go into an act from the place that was chosen."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from backend.core import gs1
from backend.demo.goods import BOOTS
from backend.organisations import queries as organisations
from tests import factories, trading
from tests.api.stock.conftest import handed_over
from tests.e2e.conftest import Browse, World
from tests.e2e.people import ANDROID, come_in, heading, press, said, sheet, words_of
from tests.e2e.test_acts_screens import typed
from tests.e2e.test_participant_screens import PLACE, done, look, opened, post
from tests.e2e.trading import PARTIES, SELLER, Desk, key_of, seen

pytestmark = pytest.mark.e2e

LANGUAGE = "ru"
WAREHOUSE, SIZE = PLACE["names"][LANGUAGE], "43"
SSCC = gs1.sscc("487000100", 4900)


@dataclass
class Shelf:
    """A second size of the demo world's boots: three pairs in the warehouse, two that nobody put anywhere."""

    card: str
    stored: list[str]
    lying: list[str]


@pytest.fixture
def shelf(world: World) -> Shelf:
    post(Desk(world, SELLER).client, "places", PLACE)
    with world.app.app_context():
        mine = organisations.by_tax_number(PARTIES[SELLER].bin)
        (place,) = (one.id for one in organisations.places(mine.id) if one.names[LANGUAGE] == WAREHOUSE)
        card = factories.card(mine.id, names=BOOTS["names"], attributes=BOOTS["attributes"] | {"size": SIZE})
        codes = factories.codes(mine.id, 5, card_id=card)
        handed_over(codes[:3], mine.id, mine.id, place)
        texts = trading.texts(codes)
    return Shelf(card, texts[:3], texts[3:])


def test_from_the_shelf_into_an_act(browse: Browse, world: World, shelf: Shelf) -> None:
    page = opened(browse, "/login", LANGUAGE, **ANDROID)
    come_in(page, key_of(world, SELLER))
    page.goto(f"{world.address}/stock")
    look(page, "stock", LANGUAGE)

    # By place, state and size.
    page.get_by_text(said("stock.narrow")).click()
    page.get_by_label(said("stock.place")).select_option(label=WAREHOUSE)
    page.get_by_label(said("stock.show")).select_option("free")
    page.get_by_label(said("stock.search")).fill(f"ZH-42 {SIZE}")
    expect(seen(page, "stock.total", count=3)).to_be_visible()
    page.get_by_role("link").filter(has_text=BOOTS["names"][LANGUAGE]).click()

    # A size of the product, and the codes behind its count in that place.
    sizes = page.get_by_role("group", name=said("stock.sizes"))
    expect(sizes.get_by_role("button")).to_have_count(3)
    sizes.get_by_role("button").filter(has_text=SIZE).click()
    look(page, "product", LANGUAGE)
    page.get_by_role("link").filter(has_text=WAREHOUSE).click()
    heading(page, "stock.codes")
    for text in shelf.stored:
        expect(page.locator(f"a[href='/stock/codes/{text}']")).to_be_visible()

    # A box is packed, found by its label, and opened.
    page.goto(f"{world.address}/stock/pack")
    for text in shelf.lying:
        typed(page, text, LANGUAGE)
    expect(seen(page, "stock.pack_inside", count=2)).to_be_visible()
    page.get_by_label(said("stock.pack_label")).fill(SSCC)
    press(page, "stock.pack_close")
    heading(page, "stock.box_title")
    page.goto(f"{world.address}/stock")
    press(page, "stock.scan")
    typed(page, f"00{SSCC}", LANGUAGE)
    heading(page, "stock.box_title")
    expect(seen(page, "stock.inside_count", count=2)).to_be_visible()
    for text in shelf.lying:
        expect(page.locator(f"a[href='/stock/codes/{text}']")).to_be_visible()
    look(page, "box", LANGUAGE)
    press(page, "stock.open_box")
    press(sheet(page), "stock.open_box")
    expect(seen(page, "stock.box_opened")).to_be_visible()

    # By product, size and place into an act.
    page.goto(f"{world.address}/acts/new?pick={shelf.card}")
    sheet(page).get_by_role("button").filter(has_text=SIZE).click()
    places = sheet(page).get_by_role("group", name=said("stock.place"))
    for words, count in ((words_of("stock.every_place"), 5), (words_of("stock.nowhere"), 2), (WAREHOUSE, 3)):
        places.get_by_role("button").filter(has_text=words).filter(has_text=str(count)).click()
    sheet(page).get_by_label(said("stock.pick_count")).fill("2")
    look(page, "picking", LANGUAGE)
    press(sheet(page), "stock.pick_add")
    expect(sheet(page)).to_have_count(0)
    page.wait_for_url(lambda url: not url.endswith(f"new?pick={shelf.card}"))
    units = page.request.get(f"{world.address}/api/v1{page.url.removeprefix(world.address)}/units").json()["units"]
    assert len(units) == 2
    assert {one["code"] for one in units} < set(shelf.stored)
    done(page, world)
