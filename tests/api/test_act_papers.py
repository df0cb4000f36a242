"""The print form of an act and its annex: what stands on them in both languages, and what the public check tells."""

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient

from backend.acts import authenticity as links
from backend.acts.paper import form
from backend.acts.paper.words import Language, Words
from backend.acts.rules import Kind as ActKind
from backend.acts.rules import Mode, Rejection, State
from backend.core import sandbox
from backend.core.api import unit_of_work
from backend.core.db import db
from backend.organisations.models import Organisation
from backend.organisations.rules import Kind
from tests import factories, signing, trading
from tests.signing import BIN, IIN, OTHER_BIN, OTHER_IIN
from tests.trading import Party, decide, draft, refused, sent, texts


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sandbox.close()


def paper(party: Party, act: str, query: str = "", path: str = "paper") -> bytes:
    answer = party.get(f"/acts/{act}/{path}{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return answer.data


def text(pdf: bytes) -> str:
    """What stands on the pages, its lines as one."""
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def symbol(pdf: bytes) -> str | None:
    """What the QR code on the first page says, read at the resolution of a cheap printer."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=150 / 72, grayscale=True).to_pil()
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else None


def test_a_partly_accepted_act_on_paper(seller: Party, buyer: Party, client: FlaskClient) -> None:
    """S0-26, S0-28: goods, terms, parties, what was not taken and why, both signatures."""
    codes = factories.codes(seller.id, 6)
    gtin = factories.one(codes[0]).gtin
    terms = {"contract": {"number": "7-К", "date": "2026-11-01"}, "comment": "Кіреберіс <b>2</b> & қойма"}
    act = sent(seller, buyer, texts(codes), prices={gtin: 1_890_000}, terms=terms, number="А-41")
    rejected = [
        {"code": texts(codes)[0], "reason": "damaged", "words": ""},
        {"code": texts(codes)[1], "reason": "other", "words": "Жең түрлі түсті"},
    ]
    extra = "010487000123456021XYZ"
    assert decide(buyer, act, rejected=rejected, extra=[extra]).status_code == 200
    made = paper(seller, act)
    said = text(made)
    for words in (
        "Тауарларды қабылдау-беру актісі",
        "Акт приёма-передачи товаров",
        "Ішінара қабылданды",
        "Принят частично",
        f"БСН / БИН {BIN}",
        f"БСН / БИН {OTHER_BIN}",
        "№ 7-К, 01.11.2026",
        "Кіреберіс <b>2</b> & қойма",
        gtin,
        "«Жайлау» бәтеңкесі",
        "Ботинки «Жайлау»",
        "18 900,00",
        "113 400,00",
        "75 600,00",
        "Сәйкессіздік туралы хабарлама",
        "Бүлінген / Повреждено · 1 дана / 1 шт.",
        "Жең түрлі түсті",
        extra,
        "••••••••0007",
        "қайтарылмаған (OCSP) / не отозван (OCSP)",
        "СЫНАҚ",
        "ТЕСТ",
    ):
        assert words in said, words
    assert said.count(signing.NAME) == 2
    assert said.count(texts(codes)[0]) == 2  # in the notice and in the annex
    assert said.count(texts(codes)[5]) == 1
    assert IIN not in said
    link = symbol(made)
    assert link is not None
    assert link in said
    found = client.get(f"/api/v1/authenticity/{link.rsplit('/', 1)[1]}")
    assert (found.status_code, found.json["number"]) == (200, "А-41")
    assert found.json["sha256"] in said
    assert symbol(paper(buyer, act)) == link


def test_each_language_by_itself(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    kazakh, russian = (text(paper(seller, act, f"?lang={one}")) for one in ("kk", "ru"))
    assert "Жіберілді, шешім күтілуде" in kazakh
    assert "Отправлен, ожидает решения" in russian
    assert "Отправлен" not in kazakh
    assert "Жіберілді" not in russian
    assert "Подписи получателя пока нет." in russian
    assert "Бағасы" not in kazakh  # an act without prices has no column for them
    refused(seller.get(f"/acts/{act}/paper?lang=en"), 422, "request.invalid")


def test_a_draft_says_so_and_proves_nothing(seller: Party, buyer: Party) -> None:
    act = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    made = paper(seller, act)
    for words in ("ЖОБА", "ПРОЕКТ", "Жоба, қол қойылмаған", "Проект, не подписан", "Проект не подписан"):
        assert words in text(made)
    assert symbol(made) is None
    empty = seller.post("/acts", {}).json["id"]
    assert "Проект, не подписан" in text(paper(seller, empty, "?lang=ru"))
    refused(buyer.get(f"/acts/{act}/paper"), 404, "acts.unknown")
    refused(buyer.get(f"/acts/{act}/paper/codes"), 404, "acts.unknown")


def drawing() -> bool:
    """Whether this process has one beside it that draws papers."""
    ours = [one for one in Path("/proc").glob("[0-9]*") if f"\nPPid:\t{os.getpid()}\n" in status(one)]
    return any(b"HTML_PDF" in (one / "cmdline").read_bytes() for one in ours)


def status(process: Path) -> str:
    try:
        return (process / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_who_draws_papers_is_called_when_an_act_is_opened(seller: Party, buyer: Party) -> None:
    act = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    sandbox.close()
    assert not drawing()
    seller.get("/acts")
    assert not drawing()
    seller.get(f"/acts/{act}")
    assert drawing()


def test_a_large_act_has_its_codes_in_an_annex(seller: Party, buyer: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "CODES_ON_FORM", 3)
    monkeypatch.setattr(form, "LINES_ON_FORM", 1)
    monkeypatch.setattr(form, "REFUSED_ON_FORM", 1)
    one, other = factories.codes(seller.id, 4), factories.codes(seller.id, 2)
    sscc = trading.box(seller.id, one[:3])
    gtin = factories.one(other[0]).gtin
    act = sent(seller, buyer, [f"00{sscc}", *texts(one[3:]), *texts(other)], prices={gtin: 100})
    rejected = [{"code": code, "reason": "damaged", "words": ""} for code in texts(other)]
    assert decide(buyer, act, rejected=rejected).status_code == 200
    said = text(paper(seller, act, "?lang=ru"))
    assert "приведены в приложении 1, отдельном файле" in said
    assert "Ещё 1 товаров" in said
    assert "Остальные (1) отмечены" in said
    assert [code for code in texts(one) if code in said] == []
    annex = text(paper(seller, act, "?lang=ru", "paper/codes"))
    assert [code for code in texts(one + other) if code not in annex] == []
    assert f"Упаковка {sscc}" in annex
    assert annex.index("Вне упаковок") > annex.index(f"Упаковка {sscc}")
    assert annex.count("× Повреждено") == 2
    assert f"2. {gtin} · 2 шт. × 1,00 = 2,00 ₸" in annex
    table = buyer.get(f"/acts/{act}/paper/codes?format=csv")
    assert table.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {row["code"]: row["rejected"] for row in rows} == dict.fromkeys(texts(one), "") | dict.fromkeys(
        texts(other), "damaged"
    )
    assert {row["package"] for row in rows} <= {sscc, ""}


def test_a_page_of_the_annex_is_full_before_the_next(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 300)))
    with pypdfium2.PdfDocument(paper(seller, act, "?lang=kk", "paper/codes")) as document:
        counts = [page.get_textpage().get_text_range().count("21") for page in document]
        heads = ["1-қосымша" in page.get_textpage().get_text_range() for page in document]
    assert len(counts) == 2
    assert counts[0] > 200
    assert heads == [True, True]


def test_a_form_that_cannot_be_drawn_is_told_apart(
    seller: Party, buyer: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))

    def busy(*_: object, **__: object) -> bytes:
        raise sandbox.SandboxFailed("busy")

    monkeypatch.setattr(sandbox, "call", busy)
    refused(seller.get(f"/acts/{act}/paper"), 503, "acts.paper_busy")


def test_every_word_of_the_form_is_written_in_both_languages() -> None:
    names = [f"state_{one.value}" for one in State] + [f"kind_{one.value}" for one in ActKind]
    names += [f"reason_{one.value}" for one in Rejection] + [f"mode_{one.value}" for one in Mode]
    for name in names:
        assert " / " in Words(Language.BOTH).text(name, count=1) or name == "kind_commission", name


def link_of(party: Party, act: str) -> str:
    answer = party.get(f"/acts/{act}/authenticity")
    assert answer.status_code == 200, answer.text
    assert len({len(row) for row in answer.json["qr"]} | {len(answer.json["qr"])}) == 1
    return answer.json["url"].rsplit("/", 1)[1]


def public(client: FlaskClient, token: str) -> Any:
    return client.get(f"/api/v1/authenticity/{token}")


def test_the_public_sees_that_the_act_exists_and_no_more(seller: Party, buyer: Party, client: FlaskClient) -> None:
    codes = factories.codes(seller.id, 2)
    gtin = factories.one(codes[0]).gtin
    act = sent(seller, buyer, texts(codes), prices={gtin: 1_234_500}, terms={"comment": "құпия"})
    token = link_of(seller, act)
    found = public(client, token).json
    assert (found["state"], found["units"], found["test"]) == ("sent", 2, True)
    assert [one["subject"] for one in found["signatures"]] == ["act"]
    assert decide(buyer, act).status_code == 200
    found = public(client, token).json
    assert (found["state"], found["sender"]["tax_number"], found["receiver"]["tax_number"]) == (
        "accepted",
        BIN,
        OTHER_BIN,
    )
    assert [(one["side"], one["bin"], one["state"]) for one in found["signatures"]] == [
        ("sender", BIN, "valid"),
        ("receiver", OTHER_BIN, "valid"),
    ]
    said = json.dumps(found, ensure_ascii=False)
    for secret in (gtin, *texts(codes), "12345", "құпия", IIN, OTHER_IIN, signing.NAME):
        assert secret not in said, secret


def test_nobody_guesses_a_link(seller: Party, buyer: Party, client: FlaskClient) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    other = sent(seller, buyer, texts(factories.codes(seller.id, 1)))
    hidden = draft(seller, buyer, texts(factories.codes(seller.id, 1)))
    token = link_of(buyer, act)
    for wrong in (
        act,
        token[:-1],
        token + "0",
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        other + token[26:],
        "0" * 26 + token[26:],
        "ү" * 58,
        links.token(hidden),
    ):
        refused(public(client, wrong), 404, "acts.link_unknown")


def test_a_sole_traders_number_is_a_persons_and_masked(app: Flask, seller: Party, client: FlaskClient) -> None:
    trader = trading.party(app, OTHER_IIN, OTHER_IIN, Kind.SOLE_TRADER)
    trader.container = signing.container(iin=OTHER_IIN)
    act = sent(seller, trader, texts(factories.codes(seller.id, 1)))
    assert decide(trader, act).status_code == 200
    found = public(client, link_of(seller, act)).json
    assert found["receiver"]["tax_number"] == "••••••••0000"
    assert (found["signatures"][1]["organisation"], found["signatures"][1]["bin"]) == (None, None)
    assert OTHER_IIN not in json.dumps(found)
    said = text(paper(seller, act, "?lang=kk"))
    assert f"ЖСН {OTHER_IIN}" in said  # the parties of a deal know one another


def correct(party: Party, act: str, prices: dict[str, int]) -> Any:
    changes = {"prices": prices}
    signatures = party.sign(party.post(f"/acts/{act}/correction/document", changes))
    return party.post(f"/acts/{act}/correction", {"changes": changes, "reason": "Қате баға", "signatures": signatures})


def test_corrections_stand_on_the_paper_and_in_the_proof(seller: Party, buyer: Party, client: FlaskClient) -> None:
    codes = factories.codes(seller.id, 2)
    gtin = factories.one(codes[0]).gtin
    act = sent(seller, buyer, texts(codes), prices={gtin: 100_000})
    assert correct(seller, act, {gtin: 200_000}).status_code == 200
    assert decide(buyer, act).status_code == 200
    assert correct(seller, act, {gtin: 300_000}).status_code == 200
    assert "2 000,00" in text(paper(seller, act))
    agreed = {"signatures": buyer.sign(buyer.get(f"/acts/{act}/correction"))}
    assert buyer.post(f"/acts/{act}/correction/agree", agreed).status_code == 200
    said = text(paper(seller, act, "?lang=ru"))
    assert "3 000,00 6 000,00" in said
    assert "Қате баға" in said
    assert said.count("Исправление подписал") == 3
    found = client.post("/api/v1/authenticity/package", data=seller.get(f"/acts/{act}/package").data).json
    assert (found["outcome"], found["intact"]) == ("valid", True)
    subjects = ["act", "act", "acceptance", "correction", "correction"]
    assert [one["subject"] for one in found["signatures"]] == subjects
    assert {one["linked"] for one in found["signatures"]} == {None, True}
    assert public(client, link_of(seller, act)).json["corrected"]


def test_an_organisation_that_took_another_name_stays_who_signed(seller: Party, buyer: Party) -> None:
    act = sent(seller, buyer, texts(factories.codes(seller.id, 1)))

    def rename() -> None:
        names = {"kk": "«Жаңа» ЖШС", "ru": "ТОО «Новое»", "en": "New LLP"}
        db.session.get_one(Organisation, seller.id).names = names

    unit_of_work(rename)
    said = text(paper(seller, act))
    assert "ТОО «Дос»" in said
    assert "Новое" not in said
