"""Tells who speaks where a text names no source: turns, posts, readouts in which a speaker goes on."""

import re
from dataclasses import replace
from functools import cached_property

from spacy.tokens import Token

from kg.extract.claims.attributed import Attributed
from kg.extract.clauses.en import auxiliaries, conjuncts, is_clause, objects, surface_subject
from kg.extract.references.discourse import Party
from kg.extract.references.mentions import Mention, as_entity
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.blocks import Block
from kg.extract.text.reading import Reading, Sentence
from kg.lexicon import Entry
from kg.model import Entity

# “Embassy of the PRC in the U.S. (X)”: where an account is kept.
PLATFORM = re.compile(r"\s?\([^()]*\)\s*$")


class Speakers:
    """Keeps track of who speaks while the sentences of a document go by."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.author = self._author()
        self.block: Block | None = None
        self.going_on: Party | None = None
        self.introduced: dict[int, Party] = {}
        self.last_told: tuple[Block, Party] | None = None

    @cached_property
    def answering(self) -> Party | None:
        """“Spokesperson *Hua Chunying's* Remarks”: whom title or opening name as the one who answers."""
        first = next((block.start for block in self.reading.blocks if block.speaker), 0)
        for reading, end in ((self.reading.headline, None), (self.reading, first)):
            if reading is None:
                continue
            found = [m for m in reading.mentions.agents_in(0, len(reading.text) if end is None else end)
                     if m.is_person and self._answers(reading, m)]  # fmt: skip
            if len({m.entity for m in found}) == 1:
                return Party(found[0].entity, found[0].start, found[0].end, found[0].capacity)
        return None

    def _answers(self, reading: Reading, mention: Mention) -> bool:
        before = reading.text[: reading.mentions.start_with_title(mention)]
        title, after = reading.text[len(before) : mention.start], reading.text[mention.end :]
        patterns = self.rules.patterns
        return bool(
            patterns["spokesman_title"].search(before + title)
            or patterns["answers_before"].search(before)
            or patterns["answers_after"].match(after)
        )

    def enter(self, sentence: Sentence) -> None:
        """Go on to a sentence; a new paragraph ends the speech of the one before, unless it opens like it."""
        if sentence.block is not self.block:
            is_next = self.block is not None and self.block.kind == sentence.block.kind == "paragraph"
            goes_on = is_next and self._opens_as_speech(sentence)
            self.block, self.going_on = sentence.block, self.going_on if goes_on else None
        if self.reading.text[: sentence.block.end].rstrip().endswith(":"):
            self._introduce(sentence)

    def _opens_as_speech(self, sentence: Sentence) -> bool:
        """“*Going forward, both sides should* …”, “*China is* ready …”: narration is in the past."""
        root = sentence.root
        subject = surface_subject(root) if is_clause(root) else None
        helpers = auxiliaries(root)
        if subject is None or {t.lower_ for t in helpers} & self.rules.lists["should_words"]:
            return subject is not None
        parties = self.resolver.all_parties(conjuncts(subject))
        is_of_persons = any(self.reading.lexicon.is_a(p.entity.kind, "Person") for p in parties)
        is_present = (helpers[0] if helpers else root).tag_ in ("VBZ", "VBP")
        return is_present and not is_of_persons

    def speaker(self, sentence: Sentence) -> Party | None:
        """Who speaks in a sentence as “I” or as the voice of the whole text."""
        block = sentence.block
        if block.speaker is not None:
            return None if self.asks(block) else self.named(block.speaker, block)
        if block.lead is not None and self.reading.text[block.start] == '"':
            return self.introduced.get(block.lead.start, self.author)
        return self.author

    def _introduce(self, sentence: Sentence) -> None:
        """Remember the person that a line before a list of quotations is about."""
        subject = surface_subject(sentence.root) if is_clause(sentence.root) else None
        parties = self.resolver.all_parties(conjuncts(subject)) if subject is not None else []
        self.introduced.pop(sentence.block.start, None)
        if len(parties) == 1 and self.reading.lexicon.is_a(parties[0].entity.kind, "Person"):
            self.introduced[sentence.block.start] = parties[0]

    def asks(self, block: Block) -> bool:
        """Whether a block is a question: a reporter's turn."""
        return block.is_question or self.relay(block) is not None

    def relay(self, block: Block) -> Party | None:
        """The outlet whose reporter asks."""
        found = self.named(block.speaker, block) if block.speaker else None
        is_outlet = found is not None and self.reading.lexicon.is_a(found.entity.kind, "MediaOutlet")
        return found if is_outlet else None

    def named(self, name: str, block: Block) -> Party | None:
        """The agent whom the name before a colon means."""
        if name.lower() in self.rules.lists["unnamed_speakers"]:
            return self.answering or self._publisher(block.start)
        entry = self._entry(name)
        if entry is not None:
            return Party(as_entity(entry), block.start, block.start)
        if (holder := self.resolver.in_office(name, block.start)) is not None:
            return holder
        surname = name.split()[-1].title()
        persons = [m.entity for m in self.reading.mentions.agents if m.is_person]
        for place in (-1, 0):  # “Dong” of Dong Jun stands first
            bearers = list(dict.fromkeys(e for e in persons if e.label.split()[place] == surname))
            if len(bearers) == 1:
                return Party(bearers[0], block.start, block.start)
        if set(name.lower().split()) & self.rules.lists["official_words"] and (side := self._own_side(block)):
            return side
        label = name.title() if name.isupper() else name
        return Party(Entity("Person", label), block.start, block.start)

    def _own_side(self, block: Block) -> Party | None:
        """The country that the publisher speaks for: for it speaks an official without a name."""
        publisher = self._publisher(block.start)
        side = self.resolver.side_of(publisher.entity) if publisher else None
        entry = self.reading.lexicon.entries.get(side or "")
        return Party(as_entity(entry), block.start, block.start) if entry else None

    def goes_on(self, sentence: Sentence) -> bool:
        """Whether a sentence of a readout continues the indirect speech of the one before."""
        if self.reading.document.kind not in ("Readout", "Post") or self.going_on is None:
            return False
        subject = surface_subject(sentence.root) if is_clause(sentence.root) else None
        parties = self.resolver.all_parties(conjuncts(subject)) if subject is not None else []
        is_of_persons = any(self.reading.lexicon.is_a(p.entity.kind, "Person") for p in parties)
        is_of_both = len({self.resolver.side_of(p.entity) for p in parties}) > 1
        is_narrated = is_of_both and sentence.root.tag_ == "VBD" and self._tells_of_talks(sentence.root)
        return not is_narrated and not (is_of_persons and self._tells(sentence.root))

    def _tells_of_talks(self, verb: Token) -> bool:
        """“The two sides also *exchanged views on* …”: the readout itself tells what was talked about."""
        return any(
            verb.lemma_.lower() in rule.verbs
            and (not rule.objects or any(t.lemma_.lower() in rule.objects for t in objects(verb)))
            for rule in self.rules.topics
        )

    def _tells(self, verb: Token) -> bool:
        """Whether a verb with persons as its subject tells what they did, and not what they are."""
        helpers = {t.lower_ for t in auxiliaries(verb)}
        if helpers & self.rules.lists["should_words"]:
            return False
        return verb.tag_ in ("VBD", "VBN") or verb.lemma_ != "be"

    def heard(self, found: list[Attributed]) -> None:
        """Remember the source of a sentence whose main clause reports indirect speech."""
        main = [a for a in found if a.rule is not None and self._opens_speech(a) and _is_main(a)]
        if main and len(main[-1].claimants) == 1:
            self.going_on = main[-1].claimants[0]
        elif found and not main:
            self.going_on = None

    def told_last(self, found: Attributed) -> None:
        """Remember who was last said to say something, and in which paragraph."""
        if found.is_statement and found.verb is not None and len(found.claimants) == 1:
            self.last_told = (found.sentence.block, found.claimants[0])

    def in_words_of(self, found: Attributed) -> Attributed:
        """“China *hopes* that …”, told in the present after “Gao Feng said”: still his words."""
        verb, parties = found.verb, found.claimants
        if self.reading.document.kind != "Article" or self.last_told is None:
            return found  # the speech of a readout goes on by itself
        if verb is None or verb.tag_ not in ("VBZ", "VBP") or len(parties) != 1:
            return found
        block, speaker = self.last_told
        is_of_side = parties[0].entity.kind == "Country" and speaker.entity.kind not in ("Country", "Group")
        if not is_of_side or self.resolver.side_of(speaker.entity) != parties[0].entity.iri:
            return found
        number = self.reading.blocks.index
        is_near = number(found.sentence.block) - number(block) in (0, 1)
        return replace(found, claimants=(speaker,)) if is_near else found

    def _opens_speech(self, found: Attributed) -> bool:
        """Whether words may go on after it: indirect speech, or the matter that somebody expounded."""
        lemma = found.verb.lemma_.lower() if found.verb is not None else ""
        return found.is_statement or lemma in self.rules.lists["going_on_verbs"]

    def _author(self) -> Party | None:
        """Who writes a post as “I” or “we”; not an office that only reports on others."""
        if self.reading.document.kind != "Post":
            return None
        found = self._publisher(0)
        is_person = found is not None and self.reading.lexicon.is_a(found.entity.kind, "Person")
        return found if is_person or self.rules.patterns["first_person"].search(self.reading.text) else None

    def _publisher(self, offset: int) -> Party | None:
        entry = self._entry(PLATFORM.sub("", self.reading.document.publisher or ""))
        return Party(as_entity(entry), offset, offset) if entry else None

    def _entry(self, name: str) -> Entry | None:
        """The person, or else the organization, that a name line means."""
        lexicon = self.reading.lexicon
        matches = [m for m in lexicon.find(name) if m.group == "agent"]
        entries = [e for m in matches for e in m.entries if len(m.entries) == 1]
        for kind in ("Person", "Organization"):
            of_kind = [e for e in entries if lexicon.is_a(e.kind, kind)]
            if of_kind:
                return of_kind[0]
        return None


def _is_main(found: Attributed) -> bool:
    """Whether the main clause of a sentence reports the words."""
    root = found.sentence.root
    return (found.verb is not None and root in (found.verb, found.verb.head)) or found.head == root
