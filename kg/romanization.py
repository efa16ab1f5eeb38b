"""Chinese personal names in Latin letters: their syllables, and the ways in which one name is written."""

import re
from collections.abc import Iterator

SYLLABLE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|üe|ue|er|"
    r"a|o|e|i|u|ü)"
)
GIVEN_NAME = re.compile(rf"{SYLLABLE}(?:[-']?{SYLLABLE})?", re.IGNORECASE)
_TWO = re.compile(rf"{SYLLABLE}", re.IGNORECASE)
_CHARACTERS = re.compile(r"[\u3400-\u9fff]{2,4}")


def variants(name: str, chinese: str) -> Iterator[str]:
    """Other ways to write a name: “Xi Jin-ping”, “Jinping Xi”; none for one that has no characters.

    Args:
        name: The name in Latin letters.
        chinese: The same name in Chinese; one of another language has a dot in it (“唐纳德·特朗普”).
    """
    words = name.split()
    if len(words) != 2 or not _CHARACTERS.fullmatch(chinese):
        return
    first, second = words
    yield f"{second} {first}"
    if len(chinese) != len("习近平") or not second.isalpha():
        return
    for cut in range(1, len(second)):
        parts = second[:cut], second[cut:]
        if all(_TWO.fullmatch(part) for part in parts):
            yield f"{first} {parts[0]} {parts[1]}"
            yield f"{parts[0]} {parts[1]} {first}"
