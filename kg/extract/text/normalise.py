"""The analysis text of a body: what is read in its place, each character with the offset it came from."""

from kg.extract.text.characters import plain
from kg.extract.text.chinese import latinised
from kg.extract.text.lines import celled, joined, spaced, unwoven
from kg.extract.text.mapped import Mapped
from kg.extract.text.marks import unmarked
from kg.lexicon import Lexicon


def normalise(body: str, lexicon: Lexicon) -> Mapped:
    """A copy of `body` as a plain edition would print it: a paragraph, item, cell or heading a line.

    Wrapped lines are joined and blanks made one; ligatures, soft hyphens, zero-width marks, words broken at
    line ends, footnote marks, Markdown, targets of links, pictograms, full-width letters, accents and tags
    are resolved. Lines of two columns side by side are left out, as reading them would mix the columns.
    """
    text = unmarked(latinised(plain(Mapped.of(body), _is_word), lexicon))
    text, _ = unwoven(text)
    return spaced(joined(celled(text)))


def _is_word(word: str) -> bool:
    """Whether the parser's vocabulary has a word, in small letters or as a name."""
    from kg.extract.clauses.en import model  # loaded only for a text with broken words

    strings = model().vocab.strings
    return word in strings or word.lower() in strings
