"""Where the proofs trade: three organisations whose heads can sign, goods for any number of examples, and requests of
the model's words made over HTTP."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from backend.core import gs1
from backend.organisations.rules import Kind
from tests import factories, signing, trading
from tests.proof.model import Ask, Box, Code, World

NUMBERS = (
    (signing.BIN, signing.IIN, Kind.IMPORTER),
    (signing.OTHER_BIN, signing.OTHER_IIN, Kind.RETAIL),
    ("200140000024", "920303300009", Kind.IMPORTER),
)
PLACE = {
    "kind": "shop",
    "names": {"kk": "Дүкен", "ru": "Магазин", "en": "Shop"},
    "address": {"locality": "Алматы", "line": "Абай даңғылы, 1"},
}
NOBODY = "200140000034"
LOOSE, BOXED, DEALS = 2, 3, 30


@dataclass
class Request:
    """One change as it went over the wire, so that it can come again; `answer` is what it was answered with."""

    ask: Ask
    method: str
    path: str
    body: Any
    key: dict[str, str] = field(default_factory=factories.key)
    answer: Any = None

    @property
    def cms(self) -> str | None:
        return self.body["signatures"][0]["cms"] if self.body and "signatures" in self.body else None


class Floor:
    """`interrupt` runs once while the next signature is being verified: outside the transaction, where a slow request
    is overtaken by others."""

    def __init__(self, app: Flask):
        signing.copy(app.config["SETTINGS"].instance / "devca")
        app.extensions["queue_run"] = lambda *_: None  # what jobs do is proved elsewhere
        made = [trading.party(app, *number) for number in NUMBERS]
        self.parties = {one.id: one for one in made}
        self.places = {one.id: one.post("/places", PLACE).json["places"][0]["id"] for one in made}
        self.ids: dict[str, bytes] = {}
        self.stock: dict[str, list[bytes]] = {name: [] for name in self.parties}
        self.interrupt: Callable[[], None] | None = None

    def goods(self) -> World:
        """A world in which each organisation has two loose codes and a closed box of three, never seen before."""
        world = World()
        self.ids.clear()
        for name, stock in self.stock.items():
            if not stock:
                stock += factories.codes(name, DEALS * (LOOSE + BOXED))
            taken = [stock.pop() for _ in range(LOOSE + BOXED)]
            sscc = trading.box(name, taken[LOOSE:])
            world.boxes[sscc] = Box(name)
            for place, text in enumerate(trading.texts(taken)):
                self.ids[text] = taken[place]
                world.codes[text] = Code(name, sscc if place >= LOOSE else None)
        return world

    def sign(self, ask: Ask) -> tuple[Request | None, Any]:
        """A signed request, not sent yet; and the refusal, where the document to sign was not given out."""
        party, act = self.parties[ask.by], f"/acts/{ask.act}"
        if ask.verb == "decide":
            decision = decision_of(ask)
            listed = party.post(f"{act}/decision/document", decision)
            rest, path = {"decision": decision}, f"{act}/decision"
        elif ask.verb == "send":
            listed, rest, path = party.get(f"{act}/document"), {}, f"{act}/send"
        else:
            listed = party.get(f"{act}/annulment")
            rest = {"text": "Қате"} if ask.verb == "ask_annulment" else {}
            path = f"{act}/annulment" + ("" if rest else "/agree")
        if listed.status_code != 200:
            return None, listed
        return Request(ask, "POST", path, rest | {"signatures": party.sign(listed)}), listed

    def plain(self, ask: Ask) -> Request:
        """A request that needs no signature."""
        act, goods = f"/acts/{ask.act}", list(ask.given.get("goods", ()))
        body: Any = {"text": "Сұрақ"}
        if ask.verb in ("put", "take_out"):
            body = {"codes": [f"00{one}" if gs1.is_sscc(one) else one for one in goods]}
        elif ask.verb == "save":
            return Request(ask, "PUT", act, {"version": ask.given["version"], "number": "А-1"})
        elif ask.verb == "discard":
            return Request(ask, "DELETE", act, None)
        elif ask.verb == "view":
            body = None
        ends = {"put": "units", "take_out": "units/remove", "keep": "annulment/refuse"}
        return Request(ask, "POST", f"{act}/{ends.get(ask.verb, ask.verb)}", body)

    def deliver(self, request: Request, meanwhile: Callable[[], None] | None = None) -> Any:
        """Send a request; `meanwhile` happens while its signature is verified, in a thread as another request would."""
        failed: list[BaseException | None] = []
        self.interrupt = meanwhile and (lambda: failed.append(aside(meanwhile)))
        given = {"method": request.method, "json": request.body, "headers": dict(request.key)}
        answer = self.parties[request.ask.by].client.open(f"/api/v1{request.path}", **given)
        self.interrupt = None
        if failed and failed[0]:
            raise failed[0]
        return answer

    def draft(self, by: str, to: str | None, original: str | None) -> Request:
        body = {"receiver_tax": self.parties[to].bin if to else NOBODY}
        if to == by:
            body |= {"kind": "internal", "receiver_place_id": self.places[by]}
        if original:
            body |= {"kind": "return", "original_id": original}
        return Request(Ask(by, "draft", ""), "POST", "/acts", body)

    def see(self, by: str, path: str) -> Any:
        return self.parties[by].get(path)


def decision_of(ask: Ask) -> dict[str, Any]:
    if ask.given.get("all"):
        return {"mode": "trust", "all_rejected": True}
    rejected = [{"code": code, "reason": "missing"} for code in sorted(ask.given["rejected"])]
    return {"mode": "full" if rejected else "trust", "rejected": rejected}


def aside(effect: Callable[[], None]) -> BaseException | None:
    """Run it in a thread of its own, with a database session of its own; returns what it raised, if anything."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(effect).exception()
