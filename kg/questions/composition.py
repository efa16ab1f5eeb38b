"""Answers any question that can be taken apart, without a phrasing of its own."""

from dataclasses import dataclass, replace

from kg.lexicon import Lexicon
from kg.questions.absence import no_answer
from kg.questions.citation import Citation
from kg.questions.claim_answers import ClaimAnswers
from kg.questions.document_answers import DocumentAnswers
from kg.questions.event_answers import EventAnswers
from kg.questions.event_matching import EventMatcher
from kg.questions.evidence import Evidence
from kg.questions.frame import Frame
from kg.questions.frame_reader import FrameReader
from kg.questions.grammar import is_han
from kg.questions.invitation_answers import invitation_answer
from kg.questions.mentions import MENTIONS, Mentions
from kg.questions.office_answers import office_answer
from kg.questions.passages import OwnPassages, TextSearch
from kg.questions.phrases import Phrases
from kg.questions.question_words import SIDES
from kg.questions.reply import Reply
from kg.questions.selection import Selection
from kg.questions.topic_answers import TopicAnswers
from kg.questions.undecided import caveat
from kg.store import Store

__all__ = ["COMPOSABLE", "Composed", "Composition"]

_FEW = 20  # events that an answer can be said to be about

# Questions of the catalogue that composition answers too, with sentences; the others come first if they fit.
COMPOSABLE = frozenset(
    [
        "agreements",
        "assertions",
        "calls",
        "claims-by-topic",
        "commitments",
        "demands",
        "discussed-topics",
        "documents",
        "event-duration",
        "event-participants",
        "event-places",
        "events-of-agent",
        "excluded-topics",
        "first-and-last-exchange",
        "first-and-last-mention",
        "invitations",
        "last-contact",
        "meetings",
        "office-holders",
        "statements-by-person",
        "timeline",
        "topics-by-account",
        "trade-talks",
        "visits",
        "warnings",
        "who-met-whom",
        "assessments",
        "event-claims",
        "event-details",
        "event-documents",
        "one-sided-topics",
    ]
)


@dataclass(frozen=True, slots=True)
class Composed:
    """A question understood and answered.

    Attributes:
        frame: What is asked.
        reply: The answer.
        mentions: Passages that mention what is asked about, where no fact answers.
    """

    frame: Frame
    reply: Reply
    mentions: tuple[Citation, ...] = ()


class Composition:
    """Understands and answers questions; built once for a state of a store."""

    def __init__(
        self,
        store: Store,
        lexicon: Lexicon,
        matcher: EventMatcher,
        today: str | None,
        search: TextSearch | None = None,
    ) -> None:
        """Prepare.

        Args:
            store: Where the answers are.
            lexicon: The names that are known.
            matcher: The stored events.
            today: Day that “last month” counts from.
            search: Finds passages where the graph has no fact.
        """
        self.lexicon, self.search, self.today = lexicon, search, today or ""
        self.reader = FrameReader(store, lexicon, today)
        selection, evidence = Selection(matcher, lexicon), Evidence(store, lexicon)
        self.selection, self.evidence = selection, evidence
        self.events = EventAnswers(selection, evidence)
        self.topics = TopicAnswers(selection, store)
        self.claims = ClaimAnswers(selection, store, self.topics.facts)
        self.mentions = Mentions(selection, self.claims, OwnPassages(store, lexicon), search, store)
        self.documents = DocumentAnswers(selection, store)

    def undecided(self, composed: Composed) -> str:
        """What an answer says while events that it counts, orders or finds silent may be one with others."""
        frame, reply = composed.frame, composed.reply
        events = [row["event"] for row in reply.rows if "event" in row]
        if composed.mentions or (reply.is_found and frame.of == "claims"):
            return ""
        if not reply.is_found:
            events += [it.iri for it in self.topics.facts.scope(frame)]
        words = Phrases(self.lexicon, frame.language)
        return caveat(self.selection.matcher, words, events, is_general=len(events) > _FEW)

    def answer(self, frame: Frame) -> Composed:
        """The answer to what is asked; passages where the graph has no fact."""
        reply = self._composed(frame)
        if reply.is_found:
            return Composed(frame, reply)
        mentions = self.mentions.of(frame, reply)
        if not mentions and frame.wordings:
            return self._answer_wider(frame, reply)
        return Composed(frame, reply, mentions)

    def _answer_wider(self, frame: Frame, reply: Reply) -> Composed:
        """What is said of a topic where nothing has the narrower name, and that it is so."""
        wider = self._widened(frame)
        if wider.wordings:
            return self.answer(wider)
        if frame.want == "whether":
            return Composed(frame, reply)
        found = self.answer(wider)
        if not found.reply.is_found:
            return found
        words = Phrases(self.lexicon, frame.language)
        text = words.say(
            "Nothing that was read names {narrow}; on {topic}: {text}",
            "没有读到提及{narrow}的内容；关于{topic}：{text}",
            narrow=words.listed(f"“{it}”" for it in frame.named_wordings or frame.wordings),
            topic=words.listed(words.label(it) for it in frame.topics),
            text=found.reply.text,
        )
        return replace(found, reply=replace(found.reply, text=text))

    def _widened(self, frame: Frame) -> Frame:
        """The frame without its narrower wordings, but with what they say beside the name of the topic."""
        if frame.is_widened:
            return replace(frame, wordings=(), is_narrow=False)
        labels = " ".join(self.lexicon.label(topic).lower() for topic in frame.topics)
        rest = tuple(
            word
            for wording in frame.wordings
            for word in wording.split()
            if word.lower().rstrip("s") not in labels
        )
        return replace(frame, wordings=rest, named_wordings=frame.wordings, is_narrow=False, is_widened=True)

    def passages(self, question: str) -> tuple[Citation, ...] | None:
        """Where the documents have the words of what is no question; `None` if it is one."""
        bound = self.reader.bind(question)
        if self.search is None or bound.of("want", "kind", "act", "role", "date"):
            return None
        return self.search.having(question, limit=MENTIONS)

    def is_ours(self, frame: Frame) -> bool:
        """Whether somebody of the United States or China is asked about, or nobody."""
        sides = [_sides(iri, self.lexicon) for party in (*frame.parties, *frame.to) for iri in party.iris[:1]]
        return not sides or any(not side or side & {*SIDES} for side in sides)

    # ── Answering ──

    def _composed(self, frame: Frame) -> Reply:
        if frame.is_guess:
            return self._no_answer(frame)
        if frame.after is not None:
            return self.events.pairs.interval(frame, frame.after)
        if frame.of == "events":
            return self.events.answer(frame)
        if frame.of == "topics":
            return self._of_topics(frame)
        if frame.of in ("claims", "agreements"):
            if not frame.topics and not frame.words and any(map(is_han, frame.unknown)):
                return Reply("", is_found=False)  # the topic is what was not understood
            return self._of_claims(frame)
        words = Phrases(self.lexicon, frame.language)
        if frame.of == "documents":
            return self.documents.answer(frame, words)
        if frame.of == "offices":
            return office_answer(frame, words, self.today)
        return invitation_answer(frame, words, self.selection, self.evidence)

    def _of_topics(self, frame: Frame) -> Reply:
        if frame.words or (frame.topics and frame.is_narrow):
            said = self.claims.answer(replace(frame, of="claims", want="words", claims=()))
            return said if said.is_found else self._no_answer(frame)
        reply = self.topics.answer(frame)
        if reply.is_found:
            return reply
        if not frame.topics:
            said = self.claims.answer(
                replace(frame, of="claims", want="words", claims=(), parties=(), to=frame.parties)
            )
            return (
                said
                if said.is_found and not frame.excluded and not frame.one_sided
                else self._no_answer(frame)
            )
        said = self.claims.answer(
            replace(
                frame,
                of="claims",
                want="words",
                claims=(),
                parties=frame.parties if frame.want != "whether" else (),
            )
        )
        return (
            said
            if said.is_found and not frame.excluded and frame.want != "whether"
            else self._no_answer(frame)
        )

    def _of_claims(self, frame: Frame) -> Reply:
        if frame.of == "agreements":
            reply = self.claims.answer(
                replace(frame, claims=("Commitment",), want="list" if frame.want == "whether" else frame.want)
            )
            return reply if reply.is_found else self._no_answer(frame)
        reply = self.claims.answer(frame)
        return reply if reply.is_found else self._no_answer(frame)

    def _no_answer(self, frame: Frame) -> Reply:
        return no_answer(frame, self.selection, self.topics.facts)


def _sides(iri: str, lexicon: Lexicon) -> set[str]:
    entry = lexicon.entries.get(iri)
    if entry is None:
        return set()
    return {entry.represents} if entry.represents else {iri} if lexicon.is_a(entry.kind, "Country") else set()
