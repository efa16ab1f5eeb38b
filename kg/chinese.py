"""Chinese in one script: what is written in traditional characters as it is in simplified ones.

The tables are those of OpenCC, in its own port to Python, which needs no compiler.
"""

from collections.abc import Mapping
from functools import cache

from opencc import OpenCC

__all__ = ["folded", "is_chinese", "simplified"]

_HAN = (range(0x3400, 0xA000), range(0xF900, 0xFB00))


def is_chinese(text: str) -> bool:
    """Whether a text has any Chinese character."""
    return not text.isascii() and any(ord(it) in block for it in text for block in _HAN)


def simplified(text: str) -> str:
    """A text in simplified characters and the mainland's words: 晶片 becomes 芯片; lengths may differ."""
    return text if text.isascii() else _by_words().convert(text)


def folded(text: str) -> str:
    """A text with each traditional character replaced by its simplified one, so that offsets stay."""
    return text if text.isascii() else text.translate(_by_characters())


@cache
def _by_words() -> OpenCC:
    return OpenCC("tw2sp")


@cache
def _by_characters() -> Mapping[int, str]:
    characters = [chr(code) for block in _HAN for code in block]
    plain = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(one): other for one, other in zip(characters, plain, strict=True) if one != other}
