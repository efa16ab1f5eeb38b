"""Tells whether words beside a topic place it elsewhere: in a document, at another time, at a briefing."""

from collections.abc import Container, Iterable, Iterator

from spacy.tokens import Token

from kg.extract.clauses.en import clause_above, is_clause
from kg.extract.events.matching import date_of
from kg.extract.events.record import EventRecord
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of
from kg.extract.time.dates import DateMention

ADVERBIALS = ("advmod", "npadvmod", "prep", "tmod", "advcl")
OPEN = ("since", "until")
MONTH = len("2000-01")
BESIDE = 20


class Occasions:
    """Knows the words for what is not the exchange that is spoken of."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.lists = reading, rules.lists

    def is_elsewhere(self, words: Iterable[Token]) -> bool:
        """“*in his post* after the meeting”: said or left out on an occasion that is no exchange."""
        lemmas = {t.lemma_.lower() for t in words}
        lists = self.lists
        is_other = bool(lemmas & (lists["other_occasions"] | lists["documents"]))
        return is_other and not lemmas & lists["exchange_words"]

    def document(self, words: Iterable[Token]) -> Token | None:
        """The document among words that say where it is left out."""
        return next((t for t in words if t.lemma_.lower() in self.lists["documents"]), None)

    def is_at_other_time(self, words: Iterable[Token], record: EventRecord) -> bool:
        """“their *previous* meeting”, “*last time*”, “a year *earlier*”, “in *2019*”: not in this exchange.

        Args:
            words: Those that say when and where something was raised or left out.
            record: The exchange.
        """
        told = list(words)
        if any(self._is_earlier(t) for t in told):
            return True
        if record.kind == "Meeting" and any(t.lemma_.lower() in self.lists["call_nouns"] for t in told):
            return True
        day = date_of(record)
        if not day:
            return False
        month = day[:MONTH]
        for date in (d for t in told for d in self._dates_at(t)):
            is_own = any(date.start <= start_of(t) < date.end for t in told)
            if is_own and date.date and not date.vague and date.relation not in OPEN:
                named = date.date[:MONTH]
                if not (month.startswith(named) or named.startswith(month)):
                    return True
        return False

    def _dates_at(self, token: Token) -> list[DateMention]:
        return self.reading.dates_in(start_of(token) - BESIDE, end_of(token) + BESIDE)

    def _is_earlier(self, token: Token) -> bool:
        lists = self.lists
        if token.lower_ in lists["earlier_adverbs"] and token.dep_ == "advmod":
            return not any(c.dep_ in ("pobj", "pcomp") for c in token.children)
        if token.lemma_.lower() not in lists["exchange_words"] | lists["time_nouns"]:
            return False
        return any(
            c.dep_ == "amod" and c.lower_ in lists["earlier_words"] and c.i < token.i for c in token.children
        )


def adverbials(trigger: Token, aims: Container[str], topic: int) -> Iterator[Token]:
    """The words that say when and where a clause holds, without the clauses below them.

    Args:
        trigger: The word of raising or leaving out.
        aims: Prepositions before what something is put off to or dated by (“*until* a later meeting”).
        topic: Offset of what was raised or left out (“spoke *on his upcoming visit and Taiwan*”).
    """
    verb = trigger if is_clause(trigger) else clause_above(trigger) or trigger
    waiting = [c for c in verb.children if c.dep_ in ADVERBIALS and c.lower_ not in aims and not is_clause(c)]
    waiting = [c for c in waiting if not start_of(c.left_edge) <= topic < end_of(c.right_edge)]
    while waiting:
        token = waiting.pop(0)
        yield token
        waiting += [c for c in token.children if not is_clause(c)]
