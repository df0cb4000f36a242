"""Names suggested from certificates, the data of reasons and texts, and the pure rules around an application."""

import re

import pytest

from backend.core.i18n import LANGUAGES
from backend.organisations.rules import Kind
from backend.registration import names, reasons, rules, texts
from backend.registration.rules import RoleInsufficient
from backend.signatures.rules import Role


@pytest.mark.parametrize(
    ("said", "kk", "ru", "en", "fixed"),
    [
        ("ТОО «Жайлау Импорт»", "«Жайлау Импорт» ЖШС", "ТОО «Жайлау Импорт»", "Zhailau Import LLP", "ru"),
        ('ТОО "Жайлау"', "«Жайлау» ЖШС", 'ТОО "Жайлау"', "Zhailau LLP", "ru"),
        (
            'ТОВАРИЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ "ЩУКА"',
            "«ЩУКА» ЖШС",
            'ТОВАРИЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ "ЩУКА"',
            "SHCHUKA LLP",
            "ru",
        ),
        ("«Тест» ЖШС", "«Тест» ЖШС", "ТОО «Тест»", "Test LLP", "kk"),
        (
            "«Самұрық» акционерлік қоғамы",
            "«Самұрық» акционерлік қоғамы",
            "АО «Самұрық»",
            "Samuryq JSC",
            "kk",
        ),
        ("АО «Казпочта»", "«Казпочта» АҚ", "АО «Казпочта»", "Kazpochta JSC", "ru"),
        ("Крестьянское хозяйство Асыл", "«Асыл» ШҚ", "Крестьянское хозяйство Асыл", "Asyl Farm", "ru"),
        ("Филиал «Юг»", "Филиал «Юг»", "Филиал «Юг»", 'Filial "Yug"', "ru"),
        ("Өскемен қаласының әкімдігі",) * 2 + ("Өскемен қаласының әкімдігі", "Oskemen qalasynyng akimdigi", "kk"),
    ],
)
def test_names_from_a_certificate(said: str, kk: str, ru: str, en: str, fixed: str) -> None:
    found = names.suggest(said)
    assert found.names == {"kk": kk, "ru": ru, "en": en}
    assert found.fixed == fixed
    assert found.names[fixed] == said, "the certificate's own name is never rewritten"


@pytest.mark.parametrize("said", ["ТОО", "ТОО «»", "Тоомас", "ЖШС"])
def test_a_form_without_a_name_is_no_form(said: str) -> None:
    assert names.suggest(said).form == ""


def test_a_sole_trader_goes_by_the_own_name() -> None:
    found = names.suggest_trader("ИВАНОВ ИВАН ІЛИЯСҰЛЫ")
    assert found.names["ru"] == "ИП Иванов Иван Ілиясұлы"
    assert found.names["kk"] == "ЖК Иванов Иван Ілиясұлы"
    assert found.names["en"] == "Ivanov Ivan Iliyasuly, sole trader"


@pytest.mark.parametrize("text", ["Ақжол", "ЩИТ", "Цех №5", "Ёлка", "Әйгерім ҚЫЗЫЛ"])
def test_latin_has_no_cyrillic_left(text: str) -> None:
    assert not re.search("[а-яёәғқңөұүһі]", names.latin(text), re.I)


@pytest.mark.parametrize("bin", ["210540000010", None])
def test_who_may_register(bin: str | None) -> None:
    for roles in ({Role.LEGAL_ENTITY, Role.HEAD}, {Role.LEGAL_ENTITY, Role.SIGNATORY}):
        rules.require_role(roles, bin)
    weak = {Role.LEGAL_ENTITY, Role.FINANCE}
    if bin is None:
        rules.require_role({Role.INDIVIDUAL}, None)
        return
    with pytest.raises(RoleInsufficient) as refused:
        rules.require_role(weak, bin)
    assert refused.value.params == {"roles": ["finance"]}


def test_a_signatory_does_not_lead() -> None:
    assert rules.leads({Role.LEGAL_ENTITY, Role.HEAD}, "210540000010")
    assert not rules.leads({Role.LEGAL_ENTITY, Role.SIGNATORY}, "210540000010")
    assert rules.leads({Role.INDIVIDUAL}, None)


def form(**changes: object) -> list[dict[str, str]]:
    given = {
        "bin": "210540000010",
        "kind": Kind.RETAIL,
        "trade": None,
        "declaration_holder": None,
        "groups": ["fur"],
        "known_groups": ["fur", "footwear"],
        "names": {"kk": "а", "ru": "б", "en": "c"},
    }
    return rules.wrong_fields(**given | changes)


def test_the_form_by_itself() -> None:
    assert form() == []
    assert form(kind=Kind.OPERATOR) == [{"field": "kind", "code": "kind"}]
    assert form(bin=None, kind=Kind.SOLE_TRADER, trade=Kind.IMPORTER, declaration_holder="carrier") == []
    assert form(bin=None, kind=Kind.SOLE_TRADER, trade=Kind.SOLE_TRADER) == [{"field": "trade", "code": "trade"}]
    assert form(bin=None, kind=Kind.SOLE_TRADER, trade=Kind.RETAIL, declaration_holder="carrier") == [
        {"field": "declaration_holder", "code": "declaration_holder"}
    ]


def test_an_iin_is_shown_by_its_tail() -> None:
    assert rules.masked("900101300007") == "********0007"


def test_every_text_is_written_in_every_language() -> None:
    for name in texts.NAMES:
        found = texts.read(name)
        paragraphs = {language: re.findall(r"^\d+\.\d+\.", text, re.M) for language, text in found.texts.items()}
        assert set(found.texts) == set(LANGUAGES)
        assert len(paragraphs["kk"]) > 15
        assert paragraphs["kk"] == paragraphs["ru"] == paragraphs["en"], "the same paragraphs, numbered alike"
        assert all(f"{found.version}" in text for text in found.texts.values())


# Published texts are signed by their hashes: an edit is a new version, and these lines only ever grow.
PUBLISHED = {
    ("2026-1", "agreement", "kk"): "dee946f0242f90298b2eb378b1bca4cea47030ba6a549f7dfcd57508d4d507f4",
    ("2026-1", "agreement", "ru"): "a701f02fd88957fd291b2ad8bae28c149ea7fcf4a44655ee91a448ceb111c0c9",
    ("2026-1", "agreement", "en"): "7fe0cea66d4aeceabbdf889662e6a23001805a2b1a675c9f963a84b6c3bf144c",
    ("2026-1", "contract", "kk"): "89e81a1585eb6eb89b94aec581113b1eb6ea2148458d9ca4ececefb4d166120e",
    ("2026-1", "contract", "ru"): "f7333b4e898d047fa44437c501565e813ab3560e4bd251e1474bebdd8e0af38c",
    ("2026-1", "contract", "en"): "253d3fd428e850c46f5cca6512d2d55b1c5f5284685bc02b5ddeb9057335f5a3",
}


def test_a_published_text_is_never_edited() -> None:
    versions = sorted(folder.name for folder in texts.FOLDER.iterdir())
    found = {
        (version, name, language): digest
        for version in versions
        for name in texts.NAMES
        for language, digest in texts.read(name, version).hashes.items()
    }
    assert found == PUBLISHED


def test_reasons_say_what_to_do_in_three_languages() -> None:
    found = reasons.all()
    assert {"wrong_kind", "wrong_names", "contact_unusable", "not_a_participant", "documents", "other"} <= set(found)
    assert {code for code, one in found.items() if one.text_needed} == {"documents", "other"}
    assert {code for code, one in found.items() if not one.desk} == {"already_registered", "certificate_refused"}
    for one in found.values():
        assert len({one.names.kk, one.names.ru, one.names.en}) == 3
