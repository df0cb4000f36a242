"""Jobs. A job is a name and ids, may run twice, and is only a nudge: the row's state is the real queue,
and a periodic sweep heals whatever a lost queue forgot."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, g, has_app_context
from huey import Huey, MemoryHuey, PostgresHuey, SqliteHuey, crontab

Job = Callable[..., None]

jobs: dict[str, Job] = {}
periodic: dict[str, int] = {}

log = logging.getLogger("tanba.queue")


def task(function: Job) -> Job:
    """Register a job under `<domain>.<function>`."""
    jobs[name_of(function)] = function
    return function


def every(minutes: int) -> Callable[[Job], Job]:
    """Register a job that also runs by the clock: the sweep."""

    def register(function: Job) -> Job:
        periodic[name_of(function)] = minutes
        return task(function)

    return register


def name_of(function: Job) -> str:
    return f"{function.__module__.split('.')[1]}.{function.__name__}"


def connect(url: str, immediate: bool = False) -> Huey:
    """The queue behind an address: SQLite file, PostgreSQL or Redis."""
    if immediate:
        return MemoryHuey("tanba", immediate=True, results=False)
    if url.startswith("sqlite:///"):
        return SqliteHuey("tanba", filename=url.removeprefix("sqlite:///"), results=False, fsync=True)
    if url.startswith(("postgres", "postgresql")):
        return PostgresHuey("tanba", dsn=url.replace("postgresql+psycopg://", "postgresql://", 1), results=False)
    if url.startswith("redis"):
        from huey import RedisHuey  # the redis package is installed only where Redis is used

        return RedisHuey("tanba", url=url, results=False)
    raise ValueError(f"no queue is known behind {url.split(':', 1)[0]}:")


def init(app: Flask) -> Huey:
    """Bind the registered jobs to this app's queue."""
    settings = app.config["SETTINGS"]
    huey = connect(settings.queue_url, immediate=settings.testing)

    def run(name: str, *ids: Any) -> None:
        if has_app_context():
            jobs[name](*ids)
            return
        with app.app_context():
            jobs[name](*ids)

    runner = huey.task(retries=3, retry_delay=10, name="run")(run)
    for name, minutes in periodic.items():
        huey.periodic_task(crontab(minute=f"*/{minutes}"), name=f"every_{name.replace('.', '_')}")(
            lambda name=name: run(name)
        )
    app.extensions["huey"] = huey
    app.extensions["queue_run"] = runner
    return huey


def after_commit(name: str, *ids: Any) -> None:
    """Ask for the job `<domain>.<function>` once, and only if, this request's transaction is committed."""
    if "after_commit" not in g:
        g.after_commit = []
    g.after_commit.append((name, ids))


def drop_pending() -> None:
    g.pop("after_commit", None)


def send_pending(app: Flask) -> None:
    """Hand over the asked-for jobs. A queue that is down costs nothing but time: the sweep finds the rows."""
    for name, ids in g.pop("after_commit", []):
        try:
            app.extensions["queue_run"](name, *ids)
        except Exception:
            log.exception("job not queued", extra={"job": name})
