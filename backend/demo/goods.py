"""Cards of the demo world."""

from typing import Any

from backend.catalogue import service
from backend.core.api import unit_of_work

BOOTS = {
    "group": "footwear",
    "gtin": "4870001000011",
    "names": {"kk": "«Жайлау» ер адам бәтеңкесі", "ru": "Ботинки мужские «Жайлау»", "en": "Zhailau men's boots"},
    "brand": "Жайлау",
    "tnved": "6403919600",
    "country": "TR",
    "producer": {"name": "Anadolu Ayakkabı A.Ş.", "country": "TR"},
    "attributes": {
        "kind": "boots",
        "model": "ZH-42",
        "size": "42",
        "colour": "black",
        "wearer": "men",
        "upper": "leather",
        "lining": "natural_fur",
        "sole": "rubber",
    },
}

SHOES = {
    "group": "footwear",
    "gtin": "4870001000028",
    "names": {"kk": "«Айым» әйелдер туфлиі", "ru": "Туфли женские «Айым»", "en": "Aiym women's shoes"},
    "brand": "Айым",
    "tnved": "6403999600",
    "country": "IT",
    "producer": {"name": "Calzature Brenta S.r.l.", "country": "IT"},
    "attributes": {
        "kind": "shoes",
        "model": "AY-7",
        "size": "38",
        "colour": "red",
        "wearer": "women",
        "upper": "suede",
        "lining": "leather",
        "sole": "leather",
    },
}

COAT = {
    "group": "fur",
    "gtin": None,
    "names": {"kk": "«Ақ күзен» тоны", "ru": "Шуба норковая «Ақ күзен»", "en": "Ak Kuzen mink coat"},
    "brand": "Ақ күзен",
    "tnved": "4303109010",
    "country": "GR",
    "producer": {"name": "Kastoria Furs S.A.", "country": "GR"},
    "attributes": {
        "kind": "coat",
        "model": "AK-3",
        "fur": "mink",
        "dyeing": "natural",
        "size": "46",
        "colour": "white",
        "wearer": "women",
    },
}


def describe(goods: dict[str, Any], owner_id: str) -> str:
    """Write and publish a card; returns its id."""

    def card() -> str:
        card_id = service.create_card(owner_id=owner_id, importer_id=owner_id, **goods)
        service.publish(card_id)
        return card_id

    return unit_of_work(card)
