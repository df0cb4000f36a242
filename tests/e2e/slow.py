"""A slow phone on a slow network, by chance: with TANBA_SLOW=1 every test in a browser runs so.

What a page does after drawing, and what the server says, comes up to half a second late. A test that looks at a screen
only once, or types before anybody listens, is found by it; so is a screen that counts on being fast.
"""

import random
import time
from collections.abc import Callable, Iterable
from os import environ
from typing import Any

SLOW = bool(environ.get("TANBA_SLOW"))
LATE = 0.4  # seconds, at most

SCRIPT = """(() => {
    const wait = setTimeout, drop = clearTimeout, frame = requestAnimationFrame, skip = cancelAnimationFrame;
    const late = () => Math.random() * LATE;
    const frames = new Map();
    window.setTimeout = (then, after = 0, ...given) => wait(then, after < 1000 ? after + late() : after, ...given);
    let last = 0;
    window.requestAnimationFrame = (then) => {
        const id = ++last;
        const drawn = (now) => (frames.delete(id), then(now));
        const after = Math.random() < 0.1 ? late() : 0;
        frames.set(id, { timer: wait(() => frames.set(id, { frame: frame(drawn) }), after) });
        return id;
    };
    window.cancelAnimationFrame = (id) => {
        const waits = frames.get(id);
        frames.delete(id);
        if (waits?.timer) drop(waits.timer);
        if (waits?.frame) skip(waits.frame);
    };
})()""".replace("LATE", str(int(LATE * 1000)))


def slow(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The app over WSGI, asked late and answering late."""
    from backend.wsgi import app

    time.sleep(random.random() * LATE)
    answer = app(environ, start)
    time.sleep(random.random() * LATE)
    return answer
