"""Fill an empty register with the demo world and write `instance/demo/`: keys, codes, pictures, labels, README."""

import json
from io import BytesIO
from pathlib import Path

import zxingcpp
from flask import Flask
from PIL import Image

from backend.codes import tasks
from backend.core.actor import Actor
from backend.core.api import unit_of_work
from backend.core.symbols import data_matrix, gs1_128, qr
from backend.core.symbols.making import plain_data_matrix
from backend.demo import applicants, people
from backend.demo.examples import Example, examples
from backend.demo.story import COUNT, Story, tell
from backend.history import tasks as history_tasks
from backend.labels import service as labels

SHEETS = (
    ("58x40", "pdf", "roll-58x40"),
    ("43x25", "pdf", "roll-43x25"),
    ("a4-24", "pdf", "a4-3x8"),
    ("58x40", "zpl", "roll-58x40"),
    ("58x40", "csv", "codes"),
    ("58x40", "jsonl", "codes"),
)


def fill(app: Flask) -> None:
    """Make everything; the folder appears last, so that an interrupted start is begun anew."""
    folder = app.config["SETTINGS"].instance / "demo"
    with app.app_context():
        story = tell(people.settle(app))
        tasks.publish_withdrawn()
        folder.mkdir(parents=True, exist_ok=True)
        people.write_keys(app, folder / "keys")
        applicants.apply(app, folder / "keys")
        shown = examples(story)
        write_codes(folder, shown)
        write_pictures(folder / "codes", shown)
        write_labels(folder / "labels", story)
        history_tasks.sequence()
        (folder / "README.txt").write_text(readme(shown), encoding="utf-8")


def write_codes(folder: Path, shown: list[Example]) -> None:
    rows = [{"code": one.code, "outcome": one.outcome, "note": one.note} for one in shown]
    (folder / "codes.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def write_pictures(folder: Path, shown: list[Example]) -> None:
    """One PNG a code, large enough to be scanned from a screen."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in shown:
        with BytesIO() as stream:
            picture(one).save(stream, "PNG")
            (folder / f"{one.name}.png").write_bytes(stream.getvalue())


def picture(one: Example) -> Image.Image:
    if one.carrier == "ean13":
        bars = zxingcpp.create_barcode(one.code, zxingcpp.BarcodeFormat.EAN13)
        return Image.fromarray(bars.to_image(scale=4, add_quiet_zones=True))
    make = {"qr": qr, "plain": plain_data_matrix, "plain_gs1": data_matrix, "gs1_128": gs1_128}
    matrix = make.get(one.carrier, data_matrix)(one.code)
    return matrix.image(dots=3 if one.carrier == "gs1_128" else 10, quiet=10 if one.carrier == "gs1_128" else 4)


def write_labels(folder: Path, story: Story) -> None:
    """Label files of both emissions, each logged as a print and, for the later files, as a reprint."""
    folder.mkdir(parents=True, exist_ok=True)
    importer = story.owners["importer-shoes"]
    actor = Actor(person_id="demo", organisation_id=importer, via="command")
    for name, order in (("boots", story.boots), ("shoes", story.shoes)):
        for preset, media, title in SHEETS:
            wanted = {
                "emission_id": order,
                "first": 1,
                "count": COUNT - 2,
                "media": media,
                "preset": preset,
                "custom": None,
                "dpi": 203,
                "start": 1,
                "offset_mm": (0, 0),
                "excel": False,
                "price_tiyn": 1_890_000 if name == "boots" else None,
                "reason": "Demo: another medium",
            }
            content = unit_of_work(lambda wanted=wanted: b"".join(labels.file(labels.ask(importer, wanted, actor))))
            (folder / f"{name}-{title}.{media}").write_bytes(content)


def readme(shown: list[Example]) -> str:
    lines = ["Tanba: the demo world", "", f"Password of every key in keys/: {people.PASSWORD}", ""]
    kinds = {people.GOST_KEY: "GOST 2015"}
    lines += [
        f"keys/{one.key}.p12    {one.bin}  {one.en} ({one.kind.value}, {kinds.get(one.key, 'RSA')} key)"
        for one in people.PARTICIPANTS
    ]
    lines += ["", "Keys with which registration can be tried (Log in, then Register):", ""]
    lines += [f"keys/{one.key}.p12    {one.bin or one.iin}  {one.note}" for one in applicants.APPLICANTS]
    lines += ["", "Codes to scan from the screen (codes/*.png; the same in codes.json):", ""]
    lines += [f"{one.name + '.png':28} {one.outcome:15} {one.note}" for one in shown]
    lines += ["", "Label files: labels/ (PDF, ZPL, CSV, JSON lines). Print at 100 %.", ""]
    return "\n".join(lines)
