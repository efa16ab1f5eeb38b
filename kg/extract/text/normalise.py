"""Makes a text easier to analyse, one character for one character, so that offsets stay what they were."""

_REPLACEMENTS = {
    "’‘ʼ′`´": "'",
    "“”„«»″": '"',
    "–—―‒−": "-",
    "\u00a0\u2002\u2003\u2009\u202f\u3000\t\u200b\ufeff": " ",
    "，": ",",
    "：": ":",
    "；": ";",
    "？": "?",
    "！": "!",
    "（": "(",
    "）": ")",
}
_TABLE = str.maketrans({character: plain for group, plain in _REPLACEMENTS.items() for character in group})


def normalise(text: str) -> str:
    """`text` with plain quotes, dashes and blanks; its length and every offset unchanged."""
    return text.translate(_TABLE)
