"""What a document is by itself: the exchange that its title names, and whether it is spoken there."""

from dataclasses import dataclass, replace

from kg.extract.events.finder import EventFinder
from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.references.discourse import Discourse, Party
from kg.extract.references.mention import Mention
from kg.extract.references.pairs import SIDES
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, Sentence

HEADER = 90  # characters of a line that gives the scene (“Woodside, California”)
LABEL = 12  # characters around the name in a speaker's label
ONE_SUBJECT = ("Readout", "Post")
SPOKEN = "Transcript"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a document is by itself.

    Attributes:
        exchange: The exchange that the title names, with those whom the title says to take part; the body
            has to bear it out.
        is_spoken_there: Whether the document is what was said at that exchange (“Remarks … before meeting”).
        has_one_subject: Whether, as in a readout, whatever else it tells of is background.
        scene: Of what is spoken there the place that a line above the first words gives.
    """

    exchange: EventMention | None = None
    is_spoken_there: bool = False
    has_one_subject: bool = False
    scene: Mention | None = None

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who takes part in that exchange."""
        return tuple(party for _, party in self.exchange.roles) if self.exchange else ()


def find_frame(reading: Reading, rules: Rules, discourse: Discourse) -> Frame:
    """The frame of a document, from its kind and title."""
    kind = reading.document.kind
    frame = Frame(has_one_subject=kind in ONE_SUBJECT)
    title = reading.headline or reading
    sentences = [s for s in title.sentences if title is not reading or s.block.kind == "title"]
    if not sentences:
        return frame
    resolver = Resolver(title, rules, discourse)
    finder = EventFinder(title, rules, resolver)
    drafts = [d for s in sentences for d in finder.find(s) if d.kind in EXCHANGES]
    named = _principals(title, sentences, resolver) or _with_speakers(title, sentences, reading, resolver)
    exchange = next((d for d in drafts if len(d.parties) > 1 and not d.is_reference), None)
    names_somebody = exchange is not None and any(p.kind != "Country" for p in exchange.parties)
    if exchange is not None and names_somebody and len(exchange.parties) == len(named):
        exchange = _with_persons(exchange, named, resolver)
    heard = _heard(named, reading, resolver) if kind == SPOKEN else set()
    if exchange is None and drafts and len(named) > 1:
        are_persons = all(title.lexicon.is_a(p.entity.kind, "Person") for p in named)
        if are_persons or not finder.who.names_others(drafts[0].sentence):
            roles = [("participant", party) for party in named]
            exchange = replace(drafts[0], roles=roles, is_reference=False)
    if exchange is None and heard >= SIDES:
        exchange = _spoken_together(named, sentences[0], rules)
    is_there = exchange is not None and (heard >= SIDES or (bool(heard) and _is_at(exchange, rules)))
    scene = _scene(reading) if is_there else None
    return replace(frame, exchange=exchange, is_spoken_there=is_there, scene=scene)


def _scene(reading: Reading) -> Mention | None:
    """The first place that a short line above the first speaker's words names."""
    issuer = (reading.document.publisher or "").lower()
    first = next((block.start - len(block.speaker) for block in reading.blocks if block.speaker), 0)
    for mention in reading.mentions.places_in(0, first):
        if mention.entity.label.lower() in issuer:
            continue  # “The White House”, above what its press office issues from Beijing
        start = reading.text.rfind("\n", 0, mention.start) + 1
        line = reading.text[start : reading.text.find("\n", mention.end)].strip()
        if len(line) <= HEADER and not line.endswith((".", ":", "?", "!")):
            return mention
    return None


def _with_persons(exchange: EventMention, named: list[Party], resolver: Resolver) -> EventMention:
    """“… meeting with *China* State Councilor and Foreign Minister *Wang Yi*”: the person for the country."""
    person = {resolver.side_of(p.entity): p for p in named if p.entity.kind != "Country"}
    roles = [
        (role, person.get(party.entity.iri, party) if party.entity.kind == "Country" else party)
        for role, party in exchange.roles
    ]
    return replace(exchange, roles=roles) if len({p.entity for _, p in roles}) == len(roles) else exchange


def _spoken_together(named: list[Party], sentence: Sentence, rules: Rules) -> EventMention | None:
    """“Remarks by A and B”: those who speak in turn have met, whatever the title calls it."""
    rule = next((r for r in rules.events if r.event == "Meeting" and r.nouns), None)
    roles = [("participant", party) for party in named]
    return EventMention(rule, sentence, sentence.root, "Occurred", roles) if rule is not None else None


def _is_at(exchange: EventMention, rules: Rules) -> bool:
    """“Toast by A *in* luncheon with B”: whether what is said is said at the exchange, and not about it."""
    above = exchange.trigger.head
    return exchange.trigger.dep_ == "pobj" and above.lower_ in rules.lists["frame_words"]


def _principals(title: Reading, sentences: list[Sentence], resolver: Resolver) -> list[Party]:
    """The persons of both sides whom a title names, or the country of a side without one."""
    by_side: dict[str | None, list[Party]] = {}
    for mention in title.mentions.agents_in(sentences[0].start, sentences[-1].end):
        side = resolver.side_of(mention.entity)
        party = Party(mention.entity, mention.start, mention.end, mention.capacity)
        known = by_side.setdefault(side, [])
        if party.entity not in [p.entity for p in known]:
            known.append(party)
    if not by_side.keys() >= SIDES:
        return []
    found: list[Party] = []
    for side in sorted(SIDES):
        persons = [p for p in by_side[side] if title.lexicon.is_a(p.entity.kind, "Person")]
        found += persons or [p for p in by_side[side] if p.entity.kind == "Country"]
    return found


def _with_speakers(
    title: Reading, sentences: list[Sentence], reading: Reading, resolver: Resolver
) -> list[Party]:
    """Of “… the President in a meeting with *Premier Wen*”: him, and who of the other side speaks."""
    persons = [
        Party(m.entity, m.start, m.end, m.capacity)
        for m in title.mentions.agents_in(sentences[0].start, sentences[-1].end)
        if m.is_person and resolver.side_of(m.entity) in SIDES
    ]
    sides = {resolver.side_of(p.entity) for p in persons}
    for block in reading.blocks:
        if len(sides) != 1 or not block.speaker or block.is_question:
            continue
        begin = max(0, block.start - len(block.speaker) - LABEL)
        for mention in reading.mentions.agents_in(begin, block.start):
            if mention.is_person and resolver.side_of(mention.entity) in SIDES - sides:
                return [*persons, Party(mention.entity, mention.start, mention.end, mention.capacity)]
    return []


def _heard(named: list[Party], reading: Reading, resolver: Resolver) -> set[str | None]:
    """The sides of which somebody whom the title names speaks in the document."""
    speakers = {block.speaker for block in reading.blocks if block.speaker and not block.is_question}
    heard: set[str | None] = set()
    for party in named:
        surname = {word.lower() for word in party.entity.label.split()}
        if any(surname & {w.lower() for w in name.replace(".", " ").split()} for name in speakers):
            heard.add(resolver.side_of(party.entity))
    return heard & SIDES
