"""Splits what somebody puts forward into claims and tells their class, topics and addressee."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extract.claims.attributed import Attributed
from kg.extract.claims.classes import NO_CLAIM, ClassReader
from kg.extract.claims.model import MODEL
from kg.extract.clauses.clause import Factuality
from kg.extract.clauses.en import conjuncts, is_clause, surface_subject
from kg.extract.clauses.en_coordination import begin_of, clause_conjuncts, coordinated_acts, has_own_subject
from kg.extract.clauses.en_factuality import judge
from kg.extract.clauses.en_negation import negation_of
from kg.extract.clauses.en_reporting import put_to, span_of
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import CHINA, UNITED_STATES, Resolver
from kg.extract.rules import Rule, Rules, TypeRule
from kg.extract.text.reading import Reading, end_of, start_of
from kg.lexicon import Entry
from kg.model import Certainty
from kg.terms import ID

FEW_WORDS = 8
BILATERAL = str(ID["topic/bilateral-relations"])
TRADE = str(ID["topic/trade"])
# What a claim that names no other topic is about: a named pattern, and the topic.
MATTERS_OF_TRADE = (
    ("the_deal", str(ID["topic/trade-agreement"])),
    ("the_talks", str(ID["topic/trade-negotiations"])),
)


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim before it becomes a statement."""

    source: Attributed
    start: int
    end: int
    head: Token
    kind: str
    rule: TypeRule
    topics: tuple[Entry, ...]
    affirms: tuple[Entry, ...] = ()
    addressee: Party | None = None
    is_negated: bool = False
    certainty: Certainty = "Certain"
    hedge: str | None = None

    @property
    def decided_by(self) -> str:
        """Name of the rule that told the class, or of the model."""
        return self.rule.id if self.rule.type == self.kind else MODEL


class ClaimReader:
    """Makes claims of attributed words."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.lexicon = reading.lexicon
        self.classes = ClassReader(reading, rules, resolver)
        self.dropped: list[tuple[Rule, str]] = []
        self._spoken_of: dict[str, bool] = {}

    def read(self, source: Attributed) -> list[ClaimDraft]:
        """The claims of one attribution, in order of the text."""
        pieces = [self._claim(replace(source, start=start, end=end, head=head))
                  for start, end, head in _pieces(source)]  # fmt: skip
        known = list(_inherited([piece for piece in pieces if piece is not None]))
        return [self._completed(claim) for claim in self._joined(known, source)]

    def topics(self, start: int, end: int) -> tuple[Entry, ...]:
        """The topics named between two offsets, the most specific ones."""
        found = {m.entry.iri: m.entry for m in self.reading.mentions.topics_in(start, end) if m.end <= end}
        above = {iri for topic in found for iri in self.lexicon.ancestors(topic)}
        return tuple(entry for iri, entry in found.items() if iri not in above)

    def _joined(self, claims: list[ClaimDraft], source: Attributed) -> list[ClaimDraft]:
        """The pieces, but as one claim where neither their topics nor their classes differ."""
        joined: list[ClaimDraft] = []
        for claim in claims:
            if joined and not _differ(joined[-1], claim):
                last = joined.pop()
                whole = self._claim(replace(source, start=last.start, end=claim.end, head=last.head))
                joined.append(replace(whole or last, kind=last.kind, rule=last.rule))
            else:
                joined.append(claim)
        return joined

    def _claim(self, source: Attributed) -> ClaimDraft | None:
        rule, kind = self.classes.class_of(source)
        if rule is not None and rule.type == NO_CLAIM:
            self.dropped.append((rule, self.reading.words(source.start, source.end)))
        if rule is None or kind is None or kind == NO_CLAIM:
            return None
        if self._is_idle(source) or self._is_asked(source) or not self._concerns_sides(source):
            return None
        topics = self._topics(source)
        policies = tuple(t for t in topics if t.kind == "Policy")
        about = dict.fromkeys(t for t in topics if t.kind != "Policy")
        for policy in policies:
            about |= dict.fromkeys(
                self.lexicon.entries[iri] for iri in policy.broader if iri in self.lexicon.entries
            )
        is_affirmed = kind in ("Commitment", "Assertion") and not source.is_negated
        if source.verb is not None and self._is_left_open(source):
            return None
        inner = self._is_negative(source)
        is_denial = (
            source.rule is not None and source.rule.polarity == "Negated" and source.head != source.verb
        )
        negated = source.is_negated != inner if is_denial else source.is_negated or inner
        if not is_affirmed:
            about |= dict.fromkeys(policies)
        return ClaimDraft(
            source, source.start, source.end, source.head, kind, rule, tuple(about),
            policies if is_affirmed else (), self._addressee(source, kind), negated,
            self._certainty(source), self._hedge(source),
        )  # fmt: skip

    def _is_asked(self, source: Attributed) -> bool:
        """Whether the words are a question, which asserts nothing."""
        return self.reading.text[source.start : source.end + 1].rstrip('" ').endswith("?")

    def _concerns_sides(self, source: Attributed) -> bool:
        """Whether what somebody of neither side says, or the document itself, names one of them."""
        sides = {self.resolver.side_of(party.entity) for party in source.claimants}
        if sides & {UNITED_STATES, CHINA}:
            return True
        block = source.sentence.block
        is_group = any(party.entity.kind == "Group" for party in source.claimants)
        start, end = (block.start, block.end) if is_group else (0, len(self.reading.text))
        if sides - {None}:
            start, end = source.start, source.end
        named = {self.resolver.side_of(m.entity) for m in self.reading.mentions.agents_in(start, end)}
        return bool(named & {UNITED_STATES, CHINA})

    def _is_left_open(self, source: Attributed) -> bool:
        """“asked *whether* China was …”, “doubts that it was …”: nothing is put forward as so."""
        judgement = judge(source.head, self.rules, within=source.verb)
        is_asked = judgement.factuality is Factuality.ASKED and source.head.dep_ == "ccomp"
        if is_asked and judgement.reason in self.rules.lists["question_marks"]:
            return True
        verb = source.verb
        is_clause_of = source.head.dep_ == "ccomp" and source.head.head == verb
        return verb is not None and is_clause_of and verb.lemma_.lower() in self.rules.lists["open_words"]

    def _certainty(self, source: Attributed) -> Certainty:
        """Whether it is put with a reservation, by who says it or by the text that tells so."""
        heads = [judge(source.head, self.rules, within=source.verb)]
        heads += [judge(source.verb, self.rules)] if source.verb is not None else []
        return "Hedged" if any(found.certainty == "Hedged" for found in heads) else "Certain"

    def _hedge(self, source: Attributed) -> str | None:
        """The words before the reporting verb that put it with a reservation: “*reportedly* told”."""
        verb = source.verb
        if verb is None or judge(verb, self.rules).certainty != "Hedged":
            return None
        words = [c for c in verb.children if c.lower_ in self.rules.lists["hedge_adverbs"]]
        if verb.dep_ == "xcomp" and verb.head.lemma_.lower() in self.rules.lists["hedge_words"]:
            words += [verb.head, *(c for c in verb.head.children if c.dep_ in ("aux", "auxpass"))]
        first = min((t.i for t in words), default=verb.i)
        return str(verb.doc[first : verb.i].text) if first < verb.i else None

    def _is_idle(self, source: Attributed) -> bool:
        """“That just came out”: a few words of a speaker that name no matter and nobody."""
        is_turn = source.sentence.block.speaker is not None and source.cue is None
        if not is_turn or not source.claimants or self.topics(source.start, source.end):
            return False
        words = self.reading.text[source.start : source.end]
        names = self.reading.mentions.agents_in(source.start, source.end)
        return (
            len(words.split()) < FEW_WORDS and not names and not self.rules.patterns["exchange"].search(words)
        )

    def _topics(self, source: Attributed) -> tuple[Entry, ...]:
        """What somebody names; the deal or the talks rather than trade or relations as such."""
        named = self.topics(source.start, source.end)
        is_general = all(topic.iri in (BILATERAL, TRADE) for topic in named)
        return (is_general and self._of_trade(source)) or named or self._implied(source)

    def _completed(self, claim: ClaimDraft) -> ClaimDraft:
        """The claim with the topics of the words around it, if it names none itself."""
        is_named = claim.affirms or any(topic.iri != BILATERAL for topic in claim.topics)
        if is_named or self.topics(claim.start, claim.end):
            return claim
        return replace(claim, topics=self._around(claim.source) or claim.topics)

    def _of_trade(self, source: Attributed) -> tuple[Entry, ...]:
        """The deal or the talks, in a document that speaks of trade."""
        words = self.reading.text[source.start : source.end]
        found = (t for p, t in MATTERS_OF_TRADE if self.rules.patterns[p].search(words))
        topic = next(found, None)
        return (
            (self.lexicon.entries[topic],) if topic in self.lexicon.entries and self._speaks_of(TRADE) else ()
        )

    def _around(self, source: Attributed) -> tuple[Entry, ...]:
        """The topics of the rest of its sentence; in an article, of the sentence before in its paragraph."""
        here = source.sentence
        if found := self.topics(here.start, here.end):
            return found
        index = self.reading.sentences.index(here)
        before = self.reading.sentences[index - 1] if index else None
        is_told = self.reading.document.kind == "Article" and here.block.speaker is None
        if not is_told or before is None or before.block is not here.block:
            return ()
        return self.topics(before.start, before.end)

    def _implied(self, source: Attributed) -> tuple[Entry, ...]:
        """The relations of the two countries, where both are spoken of."""
        words = self.reading.text[source.start : source.end]
        is_meant = BILATERAL in self.lexicon.entries and self.rules.patterns["both_sides"].search(words)
        return (self.lexicon.entries[BILATERAL],) if is_meant else ()

    def _speaks_of(self, topic: str) -> bool:
        """Whether the document names a topic or one below it."""
        if topic not in self._spoken_of:
            named = {mention.entry.iri for mention in self.reading.mentions.topics}
            self._spoken_of[topic] = any(
                topic == iri or topic in self.lexicon.ancestors(iri) for iri in named
            )
        return self._spoken_of[topic]

    def _is_negative(self, source: Attributed) -> bool:
        subject = surface_subject(source.head) if is_clause(source.head) else None
        if subject is not None and subject.lower_ in self.rules.lists["negators"]:
            return True
        words = self.reading.text[source.start : source.end]
        return (
            is_clause(source.head)
            and source.head.lemma_ not in self.rules.lists["bare_say_verbs"]
            and bool(negation_of(source.head, self.rules.lists))
            and not self.rules.patterns["policy_unchanged"].search(words)
        )

    def _addressee(self, source: Attributed, kind: str) -> Party | None:
        if kind not in ("Demand", "Warning") or not is_clause(source.head):
            return None
        own = {self.resolver.side_of(party.entity) for party in source.claimants}
        if (told := self._told(source)) is not None and self.resolver.side_of(told.entity) not in own:
            return told
        subject = surface_subject(source.head)
        parties = self.resolver.all_parties(conjuncts(subject)) if subject is not None else []
        parties = [party for party in parties if self.resolver.side_of(party.entity)]
        others = [p for p in parties if self.resolver.side_of(p.entity) not in own]
        return others[0] if len(parties) == 1 and others else None

    def _told(self, source: Attributed) -> Party | None:
        """Whom the reporting verb names: “urged *China* to …”, “called on *China* to …”."""
        if source.verb is None:
            return None
        parties = self.resolver.all_parties(t for t in put_to(source.verb) if t != source.head)
        return parties[0] if len(parties) == 1 and self.resolver.side_of(parties[0].entity) else None


def _inherited(claims: list[ClaimDraft]) -> Iterator[ClaimDraft]:
    """Coordinated verbs without subject share the auxiliary of the first, and so its class."""
    last: ClaimDraft | None = None
    for claim in claims:
        if last is not None and not has_own_subject(claim.head) and claim.head.tag_ in ("VB", "VBG", "VBN"):
            claim = replace(claim, kind=last.kind, rule=last.rule)
        yield claim
        last = claim


def _differ(one: ClaimDraft, other: ClaimDraft) -> bool:
    topics, others = set(one.topics) | set(one.affirms), set(other.topics) | set(other.affirms)
    if one.kind != other.kind:
        return bool(others) or has_own_subject(other.head) or other.head.tag_ in ("VBZ", "VBP")
    if _is_general(others) or topics & others:
        return False
    return not _is_general(topics) or one.kind == "Demand" or has_own_subject(other.head)


def _is_general(topics: set[Entry]) -> bool:
    return all(topic.iri == BILATERAL for topic in topics)


def _pieces(source: Attributed) -> Iterator[tuple[int, int, Token]]:
    """The coordinated clauses of a proposition: from one head to before the next."""
    if source.rule is not None and source.rule.attitude:
        heads = coordinated_acts(source.head)
    else:
        roots = {source.head, source.sentence.root}
        heads = sorted({t for root in roots for t in clause_conjuncts(root)}, key=lambda t: t.i)
    heads = [t for t in heads if source.start <= start_of(t) < source.end]
    if len(heads) < 2:
        yield source.start, source.end, source.head
        return
    begins = [source.start] + [max(source.start, begin_of(head)) for head in heads[1:]]
    for index, head in enumerate(heads):
        stop = begins[index + 1] if index + 1 < len(heads) else source.end
        words = [t for t in head.sent if begins[index] <= start_of(t) and end_of(t) <= stop]
        while words and index + 1 < len(heads) and words[-1].pos_ in ("ADP", "CCONJ", "PUNCT", "SPACE"):
            words = words[:-1]
        if words:
            start, end = span_of(words)
            yield start, end, head
