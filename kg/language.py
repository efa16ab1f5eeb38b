"""Tells in which language a text is written, by its letters and by its smallest words."""

import re
import unicodedata
from collections import Counter

_SMALL_WORDS = {
    "en": "the of and to in that is was for on with as by at from this have has not are be it",
    "fr": "le la les des et est une dans pour que qui sur avec par au aux du ce cette pas sont été ont plus",
    "de": "der die das und ist den dem des mit nicht ein eine für auf im zu von sich auch werden hat sind",
    "es": "el la los las y es una en de que por con para del se no su al como más fue son sus ha entre",
    "pt": "o os as e é uma em de que por com para do da dos das não se ao como mais foi são pelo pela",
    "it": "il lo gli e è una di che per con del della dei non si al come più sono nel alla anche ha fra",
    "nl": "de het een en van is dat op te voor met zijn niet aan er ook door als bij naar wordt hebben",
    "id": "yang dan di dengan untuk dari pada ini itu dalam akan tidak oleh telah juga ke",
    "vi": "và của là các có được cho trong với không một những này đã",
    "tr": "ve bir bu için ile da de olarak daha çok gibi olan ise",
    "pl": "i w na z do nie się że jest to o jak od po przez oraz",
}
_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CYRILLIC": "ru", "ARABIC": "ar", "GREEK": "el",
    "HEBREW": "he", "THAI": "th", "DEVANAGARI": "hi",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_CHINESE = re.compile("[\u3400-\u9fff]")
_SAMPLE = 20_000  # characters that are looked at
_ENOUGH = 12  # words without which no language is told
_LEAST_SHARE = 0.08  # of all words, for the small words of a language
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}


def language(text: str) -> str | None:
    """The language of `text` as a BCP 47 tag; `None` if it is too short or none that is known."""
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    foreign = [letter for letter in sample if ord(letter) > 0x2FF and letter.isalpha()]
    if letters and 2 * len(foreign) > letters:
        return _by_script(foreign)
    words = Counter(_WORD.findall(sample.lower()))
    total = words.total()
    if total < _ENOUGH:
        return None
    shares = {name: sum(words[word] for word in small) / total for name, small in _WORDS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _LEAST_SHARE else None


def _by_script(letters: list[str]) -> str | None:
    names = Counter(unicodedata.name(letter, "?").split(" ")[0] for letter in letters)
    kana = names["HIRAGANA"] + names["KATAKANA"]
    if 2 * sum(_CHINESE.match(letter) is not None for letter in letters) > len(letters):
        return "ja" if 5 * kana > len(letters) else "zh"
    return next((_SCRIPTS[name] for name, _ in names.most_common() if name in _SCRIPTS), None)
