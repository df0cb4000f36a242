"""From the camera's start to the drawn verdict: our own label before a fake camera, processor slowed four times."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from backend.bench import register
from backend.bench.browser import MISSING, visitor
from backend.bench.rows import Result, Row, Unmeasured, median
from backend.bench.served import OURS, served
from backend.bench.world import world
from backend.core.db import db
from backend.labels.presets import preset
from backend.labels.render import render
from backend.labels.rules import LabelItem
from backend.launch import build, chromium
from backend.settings import ROOT

FILM_MAKER = ROOT / "tests" / "e2e" / "video.py"
RUNS, SLOWER, PATIENCE = 3, 4, 30_000

# The clock runs from the call that opens the camera to the frame in which the verdict stands.
WATCH = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) => {
  window.opened ??= performance.now();
  return open(wanted);
};
new MutationObserver(() => {
  const verdict = document.querySelector("[data-outcome]");
  if (!verdict || window.outcome) return;
  window.outcome = verdict.dataset.outcome;
  requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


DRAWN = """new Promise((answer) => {
  const since = (moment) => (moment - window.opened) / 1000;
  const asked = () => performance.getEntriesByType("resource").find((one) => one.name.endsWith("/api/v1/verify"));
  const ready = () => {
    if (!window.drawn) return setTimeout(ready, 20);
    answer([window.outcome, since(window.drawn), since(asked()?.startTime ?? NaN)]);
  };
  ready();
})"""


class WrongVerdict(RuntimeError):
    """The label is legal, and the app said something else."""


def measure(large: bool) -> Iterator[Result]:
    if chromium.find() is None:
        yield Unmeasured("camera to verdict", MISSING)
        return
    build.app()
    with world("sqlite") as made:
        text = register.real(200)[0]
        db.session.remove()
        film = filmed(text, made.folder)
        with served(OURS, made.env, made.folder) as server:
            runs = [seen(film, f"http://localhost:{server.port}/") for _ in range(RUNS)]
    note = "each run: " + ", ".join(f"{drawn:.2f} s (server asked at {asked:.2f} s)" for drawn, asked in runs)
    yield Row("camera to verdict, CPU ÷ 4", "camera", median([drawn for drawn, _ in runs]), None, "s", note)


def filmed(text: str, folder: Path) -> Path:
    """A film of the label of this code, as a hand holds it."""
    label, film = folder / "label.png", folder / "label.mjpeg"
    item = LabelItem(text, {"kk": "«Жайлау» бәтеңкесі", "ru": "Ботинки «Жайлау»"}, "42", text[18:31])
    label.write_bytes(b"".join(render(preset("58x40"), [item], dpi=300, media="png", minimum_mm=20)))
    subprocess.run([sys.executable, str(FILM_MAKER), str(film), str(label)], cwd=ROOT, check=True, capture_output=True)
    return film


def seen(film: Path, address: str) -> tuple[float, float]:
    """One visit with a fresh profile: seconds until the verdict stood, and until the server was asked. Raises
    WrongVerdict."""
    fake = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    with visitor(*fake, f"--use-file-for-fake-video-capture={film}", permissions=["camera"]) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(address)
        page.wait_for_selector("[data-outcome]", timeout=PATIENCE)
        # Two frames later it is on the screen; the content policy forbids to wait for an expression.
        outcome, drawn, asked = page.evaluate(DRAWN)
    if outcome != "in_circulation":
        raise WrongVerdict(outcome)
    return drawn, asked
