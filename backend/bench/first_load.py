"""What a first visit downloads: from Chromium's own record of requests, each fetched again in gzip to be weighed."""

import urllib.request
from collections import defaultdict
from collections.abc import Iterator

from playwright.sync_api import Request

from backend.bench.browser import MISSING, visitor
from backend.bench.rows import Result, Row, Unmeasured
from backend.bench.served import OURS, served
from backend.bench.world import world
from backend.launch import build, chromium

KILOBYTE = 1_024
PAINTED = "() => performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime"


def measure(large: bool) -> Iterator[Result]:
    if chromium.find() is None:
        yield Unmeasured("first load", MISSING)
        return
    build.app()
    with world("sqlite") as made, served(OURS, made.env, made.folder) as server:
        requests, painted = visited(f"http://localhost:{server.port}/")
        sizes: dict[str, float] = defaultdict(float)
        late: dict[str, float] = defaultdict(float)
        for request in requests:
            kind = kind_of(request)
            size = weight(request.url) / KILOBYTE
            sizes[kind] += size
            if request.timing["startTime"] > painted:
                late[kind] += size
    after = f"until the first paint; {late['page']:.1f} KB more are fetched behind it"
    early = (
        "asked for after the first paint" if late["decoder"] == sizes["decoder"] else "PARTLY BEFORE the first paint"
    )
    yield Row("first load, HTML + CSS + JS, gz", "first load", sizes["page"] - late["page"], None, "KB", after)
    yield Row("first load, fonts", "fonts", sizes["fonts"], None, "KB")
    yield Row("first load, decoder, gz", "decoder", sizes["decoder"], None, "KB", early)


def visited(address: str) -> tuple[list[Request], float]:
    """Every request of a first visit, and when the first content was painted (milliseconds since 1970)."""
    requests: list[Request] = []
    with visitor("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream") as context:
        page = context.new_page()
        page.on("requestfinished", lambda request: requests.append(request))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        painted = page.evaluate(PAINTED)
        # The answers of the API are no part of the app.
        return [one for one in requests if "/api/" not in one.url], painted


def kind_of(request: Request) -> str:
    if request.url.endswith(".wasm") or ".worker-" in request.url:
        return "decoder"
    kinds = {"document": "page", "script": "page", "stylesheet": "page", "font": "fonts"}
    return kinds.get(request.resource_type, "other")


def weight(url: str) -> int:
    """Bytes of the body as it travels to a client that takes gzip."""
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return len(answer.read())
