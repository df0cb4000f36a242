"""What an organisation is called in three languages, suggested from the one name that its certificate carries.

The name in the language of the certificate stands as it is; the other two are suggestions that a person may mend.
"""

import re
from dataclasses import dataclass

QUOTES = "«»\"“”„‟'‘’‚`"


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form: its short name in each language, and the long ones that certificates spell out."""

    code: str
    kk: str
    ru: str
    en: str
    long_ru: tuple[str, ...] = ()
    long_kk: tuple[str, ...] = ()


FORMS = (
    Form(
        "llp",
        "ЖШС",
        "ТОО",
        "LLP",
        ("товарищество с ограниченной ответственностью",),
        ("жауапкершілігі шектеулі серіктестігі", "жауапкершілігі шектеулі серіктестік"),
    ),
    Form(
        "alp",
        "ҚЖС",
        "ТДО",
        "ALP",
        ("товарищество с дополнительной ответственностью",),
        ("қосымша жауапкершілігі бар серіктестігі", "қосымша жауапкершілігі бар серіктестік"),
    ),
    Form("jsc", "АҚ", "АО", "JSC", ("акционерное общество",), ("акционерлік қоғамы", "акционерлік қоғам")),
    Form("pc", "ӨК", "ПК", "Production Cooperative", ("производственный кооператив",), ("өндірістік кооперативі",)),
    Form("farm", "ШҚ", "КХ", "Farm", ("крестьянское хозяйство",), ("шаруа қожалығы",)),
    Form(
        "state",
        "РМК",
        "РГП",
        "Republican State Enterprise",
        ("республиканское государственное предприятие",),
        ("республикалық мемлекеттік кәсіпорны",),
    ),
    Form("utility", "КМК", "КГП", "Municipal Enterprise", ("коммунальное государственное предприятие",)),
    Form("public", "ҚБ", "ОО", "Public Association", ("общественное объединение",), ("қоғамдық бірлестігі",)),
    Form("institution", "ММ", "ГУ", "State Institution", ("государственное учреждение",), ("мемлекеттік мекемесі",)),
)

KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёәғқңөұүһі"
SOUNDS = "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e yu ya yo a g q ng o u u h i"
LATIN = dict(zip(CYRILLIC, SOUNDS.split(" "), strict=True))


@dataclass(frozen=True, slots=True)
class Suggested:
    """`fixed` is the language whose name is the certificate's own; `form` the code of the legal form, "" unknown."""

    names: dict[str, str]
    fixed: str
    form: str


def suggest(organisation: str) -> Suggested:
    """The three names of a legal entity from the name in its certificate."""
    said = " ".join(organisation.split())
    for form in FORMS:
        for start in (form.ru, *form.long_ru):
            own = _after(said, start)
            if own:
                return Suggested(_named(own, form) | {"ru": said}, "ru", form.code)
        for end in (form.kk, *form.long_kk):
            own = _before(said, end)
            if own:
                return Suggested(_named(own, form) | {"kk": said}, "kk", form.code)
    return Suggested({"kk": said, "ru": said, "en": latin(said)}, "kk" if KAZAKH.search(said) else "ru", "")


def suggest_trader(person: str) -> Suggested:
    """The three names of a sole trader, who trades under the own name."""
    name = " ".join(person.split()).title()
    return Suggested({"kk": f"ЖК {name}", "ru": f"ИП {name}", "en": f"{latin(name)}, sole trader"}, "ru", "sole_trader")


def latin(text: str) -> str:
    """Cyrillic letters, Kazakh and Russian, as they are commonly written in Latin ones."""
    letters = []
    for place, letter in enumerate(text):
        found = LATIN.get(letter.lower())
        if found is None:
            letters.append('"' if letter in "«»„“”" else letter)
        elif letter.islower():
            letters.append(found)
        else:
            beside = text[place + 1 : place + 2] or text[place - 1 : place]
            letters.append(found.upper() if beside.isupper() else found.capitalize())
    return "".join(letters)


def _named(own: str, form: Form) -> dict[str, str]:
    return {"kk": f"«{own}» {form.kk}", "ru": f"{form.ru} «{own}»", "en": f"{latin(own)} {form.en}"}


def _after(said: str, start: str) -> str:
    """What follows a legal form at the beginning, without its quotation marks; "" when it does not begin so."""
    if not said.lower().startswith(f"{start.lower()} ") and not re.match(rf"{re.escape(start)}[{QUOTES}]", said, re.I):
        return ""
    return said[len(start) :].strip(f"{QUOTES} ")


def _before(said: str, end: str) -> str:
    if not said.lower().endswith(f" {end.lower()}"):
        return ""
    return said[: -len(end)].strip(f"{QUOTES} ")
