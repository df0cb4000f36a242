"""Who lives in the demo world: organisations, their heads, and the keys that open their cabinets."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from backend.core.api import unit_of_work
from backend.organisations import service
from backend.organisations.rules import Kind, Role
from backend.signatures.devca import DevCA

PASSWORD = "Tanba2026"
GOST_KEY = "shop-astana"  # whose key is GOST R 34.10-2015


@dataclass(frozen=True, slots=True)
class Participant:
    """`head` is "SURNAME NAME PATRONYMIC" as in a certificate; numbers are invented, with true check digits."""

    key: str
    kind: Kind
    bin: str
    kk: str
    ru: str
    en: str
    iin: str
    head: str

    @property
    def names(self) -> dict[str, str]:
        return {"kk": self.kk, "ru": self.ru, "en": self.en}


PARTICIPANTS = (
    Participant(
        "operator",
        Kind.OPERATOR,
        "210540000010",
        "«Таңба» операторы",
        "Оператор «Таңба»",
        "Tanba operator",
        "850101300015",
        "ОМАРОВА АЙГҮЛ СЕРІКҚЫЗЫ",
    ),
    Participant(
        "importer-shoes",
        Kind.IMPORTER,
        "210540000020",
        "«Жайлау Импорт» ЖШС",
        "ТОО «Жайлау Импорт»",
        "Zhailau Import LLP",
        "850101300025",
        "СЕЙІТОВ ДАНИЯР БОЛАТҰЛЫ",
    ),
    Participant(
        "importer-fur",
        Kind.IMPORTER,
        "210540000030",
        "«Алтай Аңтері» ЖШС",
        "ТОО «Алтай Аңтері»",
        "Altai Furs LLP",
        "850101300035",
        "ЖҮНІСОВА МӘДИНА ЕРЛАНҚЫЗЫ",
    ),
    Participant(
        "wholesaler",
        Kind.WHOLESALER,
        "210540000040",
        "«Көтерме Базис» ЖШС",
        "ТОО «Көтерме Базис»",
        "Koterme Basis LLP",
        "850101300045",
        "ҚАСЫМОВ НҰРЛАН АСҚАРҰЛЫ",
    ),
    Participant(
        "shop-almaty",
        Kind.RETAIL,
        "210540000050",
        "«Аяқ киім әлемі» ЖШС",
        "ТОО «Аяқ киім әлемі»",
        "Ayak Kiim Alemi LLP",
        "850101300055",
        "ӘБДІРАХМАНОВА ӘЛИЯ МАРАТҚЫЗЫ",
    ),
    Participant(
        "shop-astana",
        Kind.RETAIL,
        "210540000060",
        "«Алау» дүкені ЖШС",
        "ТОО «Магазин „Алау“»",
        "Alau Shop LLP",
        "850101300065",
        "ТҰРСЫНОВ ЕРБОЛ ҚАЙРАТҰЛЫ",
    ),
)


def settle(app: Flask) -> dict[str, str]:
    """Register everybody; returns organisation ids by key."""
    found = {}
    for one in PARTICIPANTS:

        def register(one: Participant = one) -> str:
            organisation_id = service.create_organisation(kind=one.kind, bin=one.bin, names=one.names)
            service.add_member(organisation_id, iin=one.iin, name=one.head.title(), role=Role.HEAD)
            return organisation_id

        found[one.key] = unit_of_work(register)
    return found


def write_keys(app: Flask, folder: Path) -> None:
    """A PKCS#12 key for every head, from this installation's development CA; one of them is a GOST key, as the
    national authority issues them today."""
    authority = DevCA(app.config["SETTINGS"].instance / "devca")
    folder.mkdir(parents=True, exist_ok=True)
    for one in PARTICIPANTS:
        container = authority.issue(
            iin=one.iin,
            name=one.head,
            password=PASSWORD,
            bin=one.bin,
            organisation=one.ru,
            algorithm="gost" if one.key == GOST_KEY else "rsa",
        )
        (folder / f"{one.key}.p12").write_bytes(container)
