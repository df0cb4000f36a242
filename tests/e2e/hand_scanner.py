"""A hand scanner that types: raw key events, as a browser gets them from a keyboard under some layout."""

import time
from itertools import count

from playwright.sync_api import Page

GS = "\x1d"
LAYOUTS = {
    "us": {},
    "ru": dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True)),
    "kk": dict(zip("qwertyuiopasdfghjklzxcvbnm1234567890", 'йцукенгшщзфывапролдячсмить"әіңғ,.үұқ', strict=True)),
}
# How scanners are set to type GS: the key that is held, and what is pressed meanwhile.
SEPARATORS = {
    "ctrl": [("ControlLeft", "Control", 2), ("BracketRight", "]", 2)],
    "f8": [("F8", "F8", 0)],
    "alt": [("AltLeft", "Alt", 1), ("Numpad0", "0", 1), ("Numpad2", "2", 1), ("Numpad9", "9", 1)],
}
SHIFT = 8
# Keys of a US keyboard by what they give alone and with Shift.
MARKS = {
    **{plain: (f"Digit{plain}", False) for plain in "0123456789"},
    **{shifted: (f"Digit{digit}", True) for digit, shifted in zip("1234567890", "!@#$%^&*()", strict=True)},
}
for _code, _both in {
    "Minus": "-_",
    "Equal": "=+",
    "BracketLeft": "[{",
    "BracketRight": "]}",
    "Semicolon": ";:",
    "Quote": "'\"",
    "Comma": ",<",
    "Period": ".>",
    "Slash": "/?",
}.items():
    MARKS |= {_both[0]: (_code, False), _both[1]: (_code, True)}


def type_like_a_scanner(page: Page, *codes: str, layout: str = "us", separator: str = "ctrl") -> None:
    """Faster than any hand, each code with Enter behind it, one right after the other."""
    session = page.context.new_cdp_session(page)
    # The events' own times, 2 ms apart: how fast this machine sends them does not matter.
    started = time.time()
    clock = (started + n * 0.002 for n in count())

    def send(kind: str, key_code: str, key: str, modifiers: int) -> None:
        event = {"type": kind, "code": key_code, "key": key, "modifiers": modifiers, "timestamp": next(clock)}
        session.send("Input.dispatchKeyEvent", event)

    def press(key_code: str, key: str, modifiers: int = 0) -> None:
        send("rawKeyDown", key_code, key, modifiers)
        send("keyUp", key_code, key, modifiers)

    for code in codes:
        for letter in code:
            if letter == GS:
                held, *pressed = SEPARATORS[separator]
                send("rawKeyDown", *held)
                for key in pressed:
                    press(*key)
                send("keyUp", *held[:2], 0)
                continue
            key_code, shifted = MARKS.get(letter, (f"Key{letter.upper()}", letter.isupper()))
            key = LAYOUTS[layout].get(letter.lower(), letter)
            press(key_code, key.upper() if shifted else key, SHIFT if shifted else 0)
        press("Enter", "Enter")
    session.detach()
