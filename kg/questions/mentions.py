"""Passages that mention what is asked about, for where no fact answers."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from kg.questions.citation import Citation, cited
from kg.questions.claim_answers import ClaimAnswers
from kg.questions.frame import Frame
from kg.questions.passages import OwnPassages, TextSearch
from kg.questions.reply import Reply
from kg.questions.selection import Selection
from kg.store import Store

__all__ = ["MENTIONS", "Mentions"]

MENTIONS = 6  # passages that are shown


class Mentions:
    """Looks for passages near of a question."""

    def __init__(
        self,
        selection: Selection,
        claims: ClaimAnswers,
        own: OwnPassages,
        search: TextSearch | None,
        store: Store,
    ) -> None:
        self.selection, self.claims, self.own, self.search = selection, claims, own, search
        self.store, self.lexicon = store, selection.lexicon

    def of(self, frame: Frame, reply: Reply) -> tuple[Citation, ...]:
        """The passages, unless the answer tells what there is instead.

        Args:
            frame: What is asked.
            reply: The answer that no fact was found for.
        """
        return tuple(self._found(frame)) if self._are_wanted(frame, reply) else ()

    def _are_wanted(self, frame: Frame, reply: Reply) -> bool:
        return not frame.cancelled and not (
            reply.instead
            and frame.of == "events"
            and not frame.unknown
            and frame.want not in ("duration", "where", "who")
        )

    def _found(self, frame: Frame) -> Iterator[Citation]:
        if frame.of == "events" and frame.want in ("duration", "where"):
            found = self.selection.select(frame)
            events = [*found.events, *found.undated]
            own = self.own.lengths(events) if frame.want == "duration" else self.own.places(events)
            yield from islice(own, MENTIONS)
            if events:
                return
        said = self._said_otherwise(frame)
        yield from said
        if self.search is None:
            return
        places = (self.lexicon.label(named[0]) for named in frame.places)
        words = dict.fromkeys((*frame.words, *frame.unknown, *frame.wordings, *places))
        limit = MENTIONS - len(said) // 2
        near = self.search.nearby(frame, [*words], limit=limit)
        if not near and words and frame.topics and not frame.wordings:
            near = self.search.nearby(frame, (), limit=limit)
        yield from self.own.with_answers(near)

    def _said_otherwise(self, frame: Frame) -> list[Citation]:
        """Where no demand, promise or warning was read: what was said on the topic that is none."""
        if frame.of not in ("claims", "agreements") or not frame.topics:
            return []
        if frame.of == "claims" and not frame.claims:
            return []
        reply = self.claims.answer(replace(frame, of="claims", claims=(), want="words"))
        return [*cited(self.store, islice(dict.fromkeys(reply.quotes), MENTIONS))]
