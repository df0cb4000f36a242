"""The list of a buyer whose act has 50 000 lines, flung with a thumb, against one of 500: what a frame costs the main
thread of the page. And the frames that a phone four times slower draws."""

import json
import re
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Page

from backend.acts import drafts, sending
from backend.bench import acts, register
from backend.bench.browser import MISSING, visitor
from backend.bench.rows import Result, Row, Unmeasured, median
from backend.bench.served import OURS, served
from backend.bench.signatory import Signatory, signatory
from backend.bench.world import card, world
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.identity import service as identity
from backend.identity.cookies import SESSION
from backend.identity.sessions import Browser
from backend.launch import build, chromium

SHORT, LONG = 500, 50_000
RUNS, SLOWER, PATIENCE = 3, 4, 120_000
SCAN = re.compile("^(Сканерлеу|Сканировать|Scan)$")

# A fling: 60 pixels a frame, three quarters of the screen's height each fifth of a second, for 180 frames.
FLING = """async () => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  scrollTo(0, 0);
  await frame();
  let empty = 0;
  const started = performance.now();
  for (let n = 0; n < 180; n++) {
    scrollBy(0, n < 150 ? 60 : -60);
    await frame();
    if (document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.tagName === "UL") empty += 1;
  }
  return [180, performance.now() - started, empty];
}"""


class Emptiness(RuntimeError):
    """The thumb met no rows where there should be some."""


def measure(large: bool) -> Iterator[Result]:
    if chromium.find() is None:
        yield Unmeasured("a list of 50 000 lines", MISSING)
        return
    build.app()
    with world("sqlite") as made:
        made.app.extensions["queue_run"] = lambda *_: None  # jobs have a process of their own
        giver, taker = (signatory(made.folder, *one) for one in acts.HEADS[:2])
        sent = [act_of(giver, taker, number, count) for number, count in enumerate((SHORT, LONG), 1)]
        token = signed_in(taker)
        with served(OURS, made.env, made.folder) as server, visitor() as context:
            address = f"http://localhost:{server.port}"
            context.add_cookies([{"name": SESSION, "value": token, "url": address}])
            known(context, address)
            short, long = (opened(context, f"{address}/acts/{act}") for act in sent)
            # By turns, so that none gets the warmer machine.
            costs = [(cost(short), cost(long)) for _ in range(RUNS)]
            frames = frames_when_slow(long)
    ours, theirs = median([one[1] for one in costs]), median([one[0] for one in costs])
    note = f"{frames:.0f} frames a second when the processor is {SLOWER} times slower"
    yield Row("a frame of 50 000 lines", "long list", ours, theirs, "ms", note)


def act_of(giver: Signatory, taker: Signatory, number: int, count: int) -> str:
    """An act of `count` units that waits for its buyer; returns its id."""
    owner_id = giver.actor.organisation_id
    card_id, gtin = card(owner_id, number)
    register.stock(owner_id, card_id, gtin, count)
    act = unit_of_work(lambda: drafts.create(giver.actor, {"receiver_tax": taker.bin}).id)
    unit_of_work(lambda: acts.pick(giver, act, card_id))
    paper = acts.outside(lambda: sending.document(giver.actor, act)[1])
    judged = sending.judge(giver.actor, act, giver.sign(paper))
    unit_of_work(lambda: sending.send(giver.actor, act, judged))
    return act


def signed_in(who: Signatory) -> str:
    """A session's token, opened as a browser's is."""
    asked = unit_of_work(identity.ask)
    judged = identity.verify_challenge(asked.challenge_id, who.sign(asked.document), asked.browser)
    db.session.rollback()
    return unit_of_work(lambda: identity.open_session(asked.challenge_id, judged, Browser("bench")).token)


def known(context: BrowserContext, address: str) -> None:
    """The app remembers who is signed in, as it does after the log-in."""
    who = context.request.get(f"{address}/api/v1/me").text()
    context.add_init_script(f"localStorage.setItem('tanba.me', {json.dumps(who)})")


def opened(context: BrowserContext, address: str) -> Page:
    """The act with its lines on the screen, none of them found yet."""
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name=SCAN).click(timeout=PATIENCE)
    page.locator("li[aria-setsize]").first.wait_for(timeout=PATIENCE)
    return page


def cost(page: Page) -> float:
    """Milliseconds of the main thread's own processor time for each frame of a fling. Raises Emptiness."""
    page.bring_to_front()
    talk = page.context.new_cdp_session(page)
    talk.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    talk.send("Performance.enable")
    before = spent(talk.send("Performance.getMetrics"))
    frames, _, empty = page.evaluate(FLING)
    after = spent(talk.send("Performance.getMetrics"))
    talk.detach()
    if empty:
        raise Emptiness(f"{empty} of {frames} frames")
    return (after - before) * 1000 / frames


def spent(metrics: dict) -> float:
    return next(one["value"] for one in metrics["metrics"] if one["name"] == "TaskDuration")


def frames_when_slow(page: Page) -> float:
    talk = page.context.new_cdp_session(page)
    talk.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    frames, milliseconds, _ = page.evaluate(FLING)
    talk.detach()
    return frames * 1000 / milliseconds
