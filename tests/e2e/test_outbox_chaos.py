"""A thousand things done on a phone that is treated badly arrive once each, in the order of their subjects."""

import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Playwright

from backend.core.db import db
from tests.e2e import rough_phone
from tests.e2e.conftest import World, free_port
from tests.e2e.people import demo_key
from tests.e2e.rough_phone import RoughPhone
from tests.e2e.weather import FAULTS, Weather, weather_before

pytestmark = pytest.mark.e2e

OPERATIONS = 1_000
SUBJECTS = 9
BACKLOG = 100
MOST_FROZEN = 3
PEOPLE = {"a": "importer-shoes", "b": "importer-fur"}


@dataclass
class Plan:
    """What is done, by whom and in which order. A mark is `who-run.subject.number`."""

    run: str = field(default_factory=lambda: secrets.token_hex(3))
    counts: Counter[str] = field(default_factory=Counter)

    def creations(self, who: str, subject: int, count: int) -> list[dict[str, Any]]:
        """Drafts of acts, which no state of the server keeps from being made twice."""
        return [self._creation(who, subject) for _ in range(count)]

    def _creation(self, who: str, subject: int) -> dict[str, Any]:
        name = f"{who}-{self.run}.{subject}"
        self.counts[name] += 1
        mark = f"{name}.{self.counts[name]}"
        body = {"terms": {"comment": mark}}
        return {
            "mark": mark,
            "subject": f"act:{name}",
            "kind": "begin",
            "path": "/api/v1/acts",
            "method": "POST",
            "body": body,
        }


def arrived(world: World, plan: Plan) -> list[tuple[str, str]]:
    """Marks in the order in which the server did them, each with the organisation for which it was done."""
    with world.app.app_context():
        text = "SELECT json_extract(terms, '$.comment'), sender_id FROM acts ORDER BY rowid"
        rows = [tuple(row) for row in db.session.execute(db.text(text))]
        db.session.rollback()
    return [row for row in rows if row[0] and f"-{plan.run}." in row[0]]


def wrongs(world: World, plan: Plan, saved: dict[str, str]) -> dict[str, list[str]]:
    """What was lost, doubled, done in the wrong order, or for somebody else."""
    rows = arrived(world, plan)
    times = Counter(mark for mark, _ in rows)
    numbers: dict[str, list[int]] = defaultdict(list)
    for mark, _ in rows:
        subject, number = mark.rsplit(".", 1)
        numbers[subject].append(int(number))
    return {
        "lost": [mark for mark in saved if mark not in times],
        "doubled": [mark for mark, count in times.items() if count > 1],
        "disordered": [subject for subject, found in numbers.items() if found != sorted(found)],
        "of another": [mark for mark, owner in rows if mark in saved and saved[mark].split(":")[1] != owner],
    }


@pytest.fixture
def weather(world: World) -> Iterator[Weather]:
    with weather_before(world.port, free_port(), seed=20) as found:
        yield found


def rough_day(phone: RoughPhone, world: World, weather: Weather, plan: Plan, count: int, seed: int) -> None:
    """Until the app has called this many operations saved, whatever happens meanwhile. Nobody does more while much
    waits, so that most of it meets the weather."""
    dice = random.Random(seed)
    weather.calm = False
    while len(phone.saved) < count:
        happens = dice.choices([*EVENTS], [*EVENTS.values()])[0]
        if happens is does and waits(phone, world, plan) > BACKLOG:
            happens = hurries
        with suppress(Error), phone.alive(happens.__name__):
            happens(phone, plan, dice)
    weather.calm = True
    assert len(phone.frozen) <= MOST_FROZEN, phone.frozen


def waits(phone: RoughPhone, world: World, plan: Plan) -> int:
    """How much of what whoever is signed in did has not arrived."""
    done = {mark for mark, _ in arrived(world, plan)}
    return sum(mark not in done and mark.startswith(f"{phone.who}-") for mark in phone.saved)


def does(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    if phone.who:
        phone.post(plan.creations(phone.who, dice.randrange(SUBJECTS), dice.randint(1, 12)), _any(phone, dice))


def _any(phone: RoughPhone, dice: random.Random) -> Any:
    phone.standing()
    return dice.choice(phone.tabs)


def closes(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    page = _any(phone, dice)
    if phone.who:
        phone.start(plan.creations(phone.who, dice.randrange(SUBJECTS), 6), page)
    phone.close_tab(page)


def crashes(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    page = _any(phone, dice)
    if phone.who:
        phone.start(plan.creations(phone.who, dice.randrange(SUBJECTS), 6), page)
    phone.crash_tab(page)


def killed(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    if phone.who:
        phone.start(plan.creations(phone.who, dice.randrange(SUBJECTS), 6), _any(phone, dice))
    phone.kill()
    phone.become(dice.choice([*PEOPLE]))


def opens(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    if len(phone.tabs) < 3:
        phone.tab()


def changes_hands(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    phone.become(dice.choice([*PEOPLE, *PEOPLE, *PEOPLE, None]))


def goes_offline(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    phone.context.set_offline(True)
    try:
        does(phone, plan, dice)
        phone.hurry(dice.choice([1, 30, 300]))
    finally:
        phone.context.set_offline(False)


def hurries(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    phone.hurry(dice.choice([7] * 12 + [20, 80, 400]))
    phone.standing().wait_for_timeout(50)


def jumps(phone: RoughPhone, plan: Plan, dice: random.Random) -> None:
    phone.set_clock(dice.choice([-40, -1, 0, 1, 40]))


EVENTS = {
    does: 40,
    hurries: 15,
    opens: 5,
    closes: 4,
    crashes: 2,
    killed: 0.5,
    changes_hands: 5,
    goes_offline: 3,
    jumps: 2,
}


NOTHING = {"lost": [], "doubled": [], "disordered": [], "of another": []}


def test_a_thousand_operations_arrive_once_and_in_order(
    playwright: Playwright, world: World, weather: Weather, tmp_path: Path
) -> None:
    assert what_becomes_of(OPERATIONS, RoughPhone(playwright, tmp_path, weather.address), world, weather) == NOTHING
    assert set(weather.met) == {"fine", *FAULTS}


def test_a_browser_that_answers_no_more_is_opened_again(
    playwright: Playwright, world: World, weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rough_phone, "FROZEN", 4)
    phone, plan = RoughPhone(playwright, tmp_path, weather.address), Plan()
    owner = phone.enrol("a", demo_key(world, PEOPLE["a"]))
    phone.become("a")
    with suppress(Error), phone.alive("nothing"):
        phone.standing().evaluate("new Promise(() => {})")
    assert phone.frozen == ["nothing"]
    phone.post(plan.creations("a", 0, 3))
    phone.delivered(owner)
    phone.switch_off()
    assert len(phone.saved) == 3
    assert wrongs(world, plan, phone.saved) == NOTHING


# What a careless outbox would do, put before the app's own requests.
FORGETS_BEFORE_THE_ANSWER = """
  const forget = (key) => new Promise((done) => {
    const opening = indexedDB.open("tanba");
    opening.onsuccess = () => {
      const writing = opening.result.transaction("outbox", "readwrite");
      const walking = writing.objectStore("outbox").openCursor();
      walking.onsuccess = () => {
        const found = walking.result;
        if (found && found.value.key === key) found.delete();
        if (found) found.continue();
      };
      writing.oncomplete = () => { opening.result.close(); done(); };
    };
  });
  await forget(asked.headers["Idempotency-Key"]);"""
NEW_KEY_EACH_TRY = """
  asked.headers["Idempotency-Key"] = crypto.randomUUID();"""
SPOILED = """(() => {
  const ask = window.fetch;
  window.fetch = async (path, asked) => {
    if (asked?.headers?.["Idempotency-Key"]) {%s}
    return ask(path, asked);
  };
})()"""


@pytest.mark.parametrize(
    ("storm", "fault", "wrong"),
    [
        pytest.param("error", FORGETS_BEFORE_THE_ANSWER, "lost", id="forgets before the answer"),
        pytest.param("done_502", NEW_KEY_EACH_TRY, "doubled", id="makes a new key for each try"),
    ],
)
def test_a_careless_outbox_is_found_out(
    storm: str, fault: str, wrong: str, playwright: Playwright, world: World, weather: Weather, tmp_path: Path
) -> None:
    careful = RoughPhone(playwright, tmp_path / "careful", weather.address)
    assert after_a_storm(storm, careful, world, weather) == NOTHING
    careless = RoughPhone(playwright, tmp_path / "careless", weather.address, SPOILED % fault)
    assert after_a_storm(storm, careless, world, weather)[wrong]


def after_a_storm(storm: str, phone: RoughPhone, world: World, weather: Weather) -> dict[str, list[str]]:
    """Every change is harmed in one way until one was; then the weather is quiet. The harm is an answer: a connection
    that breaks off may be opened again by the browser itself, and the outbox never hears of it."""
    plan, met = Plan(), weather.met[storm]
    try:
        owner = phone.enrol("a", demo_key(world, PEOPLE["a"]))
        phone.become("a")
        weather.only, weather.calm = storm, False
        phone.post(plan.creations("a", 0, 5))
        while weather.met[storm] == met:
            phone.standing().wait_for_timeout(50)
        weather.calm = True
        phone.delivered(owner)
    finally:
        phone.switch_off()
    return wrongs(world, plan, phone.saved)


def what_becomes_of(count: int, phone: RoughPhone, world: World, weather: Weather) -> dict[str, list[str]]:
    """A rough day, and then quiet weather until the phone has nothing left to send."""
    plan = Plan()
    owners = {name: phone.enrol(name, demo_key(world, key)) for name, key in PEOPLE.items()}
    phone.become("a")
    try:
        rough_day(phone, world, weather, plan, count, seed=7)
        for name in PEOPLE:
            phone.become(name)
            phone.delivered(owners[name])
    finally:
        phone.switch_off()
    return wrongs(world, plan, phone.saved)
