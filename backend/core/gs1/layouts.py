"""Keyboard layouts: what a scanner that types like a keyboard leaves behind when the layout is Russian or Kazakh.

A scanner presses the keys of the US layout; the maps give each key's character in the Windows layouts, shift
included, and are bijections, so the text is restored and not guessed.
"""

_US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./" "~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?"
_RU = "ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю." "Ё!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
_KK = "(\"әіңғ,.үұқөһйцукенгшщзхъ\\фывапролджэячсмитьбю№" ")!ӘІҢҒ;:ҮҰҚӨҺЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ?"

_FROM_RU = str.maketrans(_RU, _US)
_FROM_KK = str.maketrans(_KK, _US)
_KAZAKH = frozenset("әіңғүұқөһӘІҢҒҮҰҚӨҺ")
_CYRILLIC = frozenset(_RU) - frozenset(_US) | _KAZAKH


def unlayout(text: str) -> str | None:
    """The text as the keys of the US layout say it; None if no character betrays a Cyrillic layout.

    Kazakh letters stand on the digit keys, so that a code typed in the Kazakh layout always has one.
    """
    characters = frozenset(text)
    if not characters & _CYRILLIC:
        return None
    return text.translate(_FROM_KK if characters & _KAZAKH else _FROM_RU)
