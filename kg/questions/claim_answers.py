"""Answers in the words of the documents: who said, demanded or promised what, and how two sides differ."""

from collections.abc import Sequence
from dataclasses import replace

from kg.questions.claim_lookup import Said
from kg.questions.claim_selection import ClaimSelection
from kg.questions.claim_sentences import and_more, quoted, speakers_of, statements
from kg.questions.frame import Frame, Party
from kg.questions.phrases import Phrases
from kg.questions.question_words import SIDES
from kg.questions.reply import Reply, Row
from kg.questions.selection import Selection
from kg.questions.topic_facts import TopicFacts
from kg.store import Store
from kg.terms import BASE

__all__ = ["ClaimAnswers"]

_SHOWN = 60  # rows


class ClaimAnswers:
    """Answers what is asked about claims."""

    def __init__(self, selection: Selection, store: Store, topics: TopicFacts) -> None:
        self.chosen, self.topics, self.lexicon = ClaimSelection(selection, store), topics, selection.lexicon

    def answer(self, frame: Frame) -> Reply:
        """The answer to a frame of claims or agreements."""
        words = Phrases(self.lexicon, frame.language)
        events, is_bound = self.chosen.scope(frame)
        if is_bound and not events and not frame.places:
            return Reply("", is_found=False)
        if frame.by_side or frame.want == "compare":
            return self._by_side(frame, events, words)
        found, sparql = self.chosen.claims(frame, events) if events or not is_bound else ([], "")
        found = self.chosen.narrowed(frame, found)
        if not found and (documents := self.chosen.of_events(frame, events)):
            found, sparql = self.chosen.claims(frame, (), documents=documents)
            found = self.chosen.narrowed(frame, found)
        if not found:
            return Reply("", sparql=sparql, is_found=False)
        if frame.order or frame.want in ("first", "last", "when"):
            ordered = sorted(found, key=lambda it: it.issued)
            found = ordered if frame.order == "first" or frame.want == "first" else ordered[::-1]
        if frame.want == "changed":
            return self._changed(found, sparql, words)
        if frame.want == "who":
            return self._who(frame, found, sparql, words)
        text = statements(frame, found, words)
        return self._reply(text, found, sparql, words)

    def _by_side(self, frame: Frame, events: Sequence[str], words: Phrases) -> Reply:
        """What each of two says, one after the other."""
        persons = [p for p in frame.parties if not p.is_side]
        sides = [p for p in frame.parties if p.is_side]
        parties: list[Party] = sides if len(sides) > 1 else [*frame.parties] if len(frame.parties) > 1 else []
        if len(parties) < 2 or (persons and len(persons) < 2 and len(sides) < 2):
            parties = [Party(words.label(side), (side,), is_side=True) for side in SIDES]
        parts, kept = [], []
        queries = []
        for party in parties:
            found, sparql = self.chosen.claims(replace(frame, parties=(party,)), events)
            found = self.chosen.narrowed(replace(frame, to=()), found)
            queries.append(sparql)
            if len(found) < 2 and frame.topics and events and party.is_side:
                found = [
                    *found,
                    *(
                        it
                        for it in self._raised(frame, events, party)
                        if it.quote not in {o.quote for o in found}
                    ),
                ]
            said = "; ".join(quoted(it, words) for it in found[:2]) or words.say(
                "no statement was read", "没有读到表态"
            )
            parts.append(
                words.say(
                    "{who}: {quoted}{more}",
                    "{who}：{quoted}{more}",
                    who=party.label,
                    quoted=said,
                    more=and_more(len(found) - 2, words),
                )
            )
            kept.append(found)
        if not any(kept):
            return Reply("", sparql=queries[0], is_found=False)
        rows = [it for group in kept for it in group[: _SHOWN // len(kept)]]
        return self._reply(words.say(". ", "。").join(parts) + words.say(".", "。"), rows, queries[0], words)

    def _raised(self, frame: Frame, events: Sequence[str], party: Party) -> list[Said]:
        """What a side's own documents say was raised, where they tell of it without anybody's words."""
        return [
            Said(
                "",
                "Assertion",
                row["issued"],
                party.iris[0],
                row["quote"],
                row["document"],
                row["quote"],
                row["event"],
                speakers=(row["claimant"],) if row["claimant"] else (),
                sides=party.iris[:1],
            )
            for row in self.topics.of_side(frame, events, party.iris[0])
        ]

    def _changed(self, found: Sequence[Said], sparql: str, words: Phrases) -> Reply:
        years = sorted({it.issued[:4] for it in found if it.issued})
        parts = []
        for year in (years[:1] + years[-1:]) if len(years) > 1 else years:
            of_year = [it for it in found if it.issued.startswith(year)]
            parts.append(
                words.say(
                    "{year}: {quoted}{more}",
                    "{year}年：{quoted}{more}",
                    year=year,
                    quoted="; ".join(quoted(it, words) for it in of_year[:2]),
                    more=and_more(len(of_year) - 2, words),
                )
            )
        return self._reply(words.say(". ", "。").join(parts) + words.say(".", "。"), found, sparql, words)

    def _who(self, frame: Frame, found: Sequence[Said], sparql: str, words: Phrases) -> Reply:
        speakers: dict[str, int] = {}
        for it in found:
            for iri in it.speakers:
                speakers[iri] = speakers.get(iri, 0) + 1
        named = [
            words.say("{who} ({n})", "{who}（{n}条）", who=words.person(iri), n=n)
            for iri, n in sorted(speakers.items(), key=lambda pair: -pair[1])
            if iri in self.lexicon.entries
        ]
        if not named:
            return self._reply(statements(replace(frame, want="list"), found, words), found, sparql, words)
        return self._reply(
            words.say(
                "{who}: {text}",
                "{who}：{text}",
                who=words.listed(named),
                text=statements(replace(frame, want="list"), found, words),
            ),
            found,
            sparql,
            words,
        )

    def _reply(self, text: str, found: Sequence[Said], sparql: str, words: Phrases) -> Reply:
        shown = found[:_SHOWN]
        rows: list[Row] = [
            {
                "date": it.issued,
                "claim": it.claim,
                "claimLabel": words.label(f"{BASE}ontology#{it.kind}") if it.claim else "",
                "speakerLabel": speakers_of(it, words),
                "sideLabel": words.label(it.side) if it.side else "",
                "content": it.content,
                "document": it.document,
                "quote": it.quote,
            }
            for it in shown
        ]
        return Reply(text, rows, [(it.document, it.quote) for it in shown], sparql)
