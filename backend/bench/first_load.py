"""What a first visit downloads: from Chromium's own record of requests, each fetched again in gzip to be weighed. And
what signing adds, from the files of the build."""

import gzip
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Request

from backend.bench.browser import MISSING, visitor
from backend.bench.rows import Result, Row, Unmeasured
from backend.bench.served import OURS, served
from backend.bench.world import world
from backend.launch import build, chromium

KILOBYTE = 1_024
SIGN = build.PWA / "src" / "sign"
PAINTED = "() => performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime"


def measure(large: bool) -> Iterator[Result]:
    build.app()
    chunks = of_signing(build.PWA / "dist" / "assets")
    weights = sum(len(gzip.compress(one.read_bytes(), 9)) for one in chunks)
    yield Row("signing: sheet, worker, ways, gz", "sign chunk", weights / KILOBYTE, None, "KB", f"{len(chunks)} files")
    if chromium.find() is None:
        yield Unmeasured("first load", MISSING)
        return
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


def of_signing(assets: Path) -> list[Path]:
    """The chunks that are called after a module of the sign folder: they come when something is to be signed."""
    modules = {one.name.partition(".ts")[0] for one in SIGN.rglob("*.ts*") if ".test." not in one.name}
    return sorted(
        one for one in assets.iterdir() if one.suffix in (".js", ".css") and one.stem[:-9] in modules - {"index"}
    )


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
