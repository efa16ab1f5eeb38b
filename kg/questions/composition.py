"""Answers any question that can be taken apart, without a phrasing of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.lexicon import Lexicon
from kg.questions.binding import Binder, Bound
from kg.questions.citation import Citation
from kg.questions.claim_answers import ClaimAnswers
from kg.questions.conversation import continued
from kg.questions.event_answers import EventAnswers
from kg.questions.event_matching import EventMatcher
from kg.questions.event_sentences import absent
from kg.questions.evidence import Evidence
from kg.questions.frame import Frame
from kg.questions.framing import frame_of
from kg.questions.grammar import is_han
from kg.questions.mentions import MENTIONS, Mentions
from kg.questions.other_answers import OtherAnswers
from kg.questions.passages import OwnPassages, TextSearch
from kg.questions.phrases import Phrases
from kg.questions.reply import Reply
from kg.questions.selection import Selection
from kg.questions.slots import SIDES
from kg.questions.topic_answers import TopicAnswers
from kg.questions.undecided import caveat
from kg.store import Store
from kg.terms import BASE

__all__ = ["COMPOSABLE", "Composed", "Composition"]

_SPLIT = re.compile(r"\b(?:did|was|were|until|and then|do)\b", re.I)
_AFTER = re.compile(r"^.*?\b(?:after|between)\b|相隔.*$", re.I)
_WORDS = 500  # documents whose words are known not to be misspelt
_WORD = re.compile(r"[a-z]{4,}")
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
        self.store, self.lexicon, self.today, self.search = store, lexicon, today, search
        self._used: frozenset[str] | None = None
        self.binder = Binder(lexicon, is_used=self._is_used)
        selection, evidence = Selection(matcher, lexicon), Evidence(store, lexicon)
        self.selection = selection
        self.events = EventAnswers(selection, evidence)
        self.topics = TopicAnswers(selection, store)
        self.claims = ClaimAnswers(selection, store, self.topics)
        self.mentions = Mentions(selection, self.claims, OwnPassages(store, lexicon), search, store)
        self.others = OtherAnswers(selection, evidence, store, today or "")

    def read(self, questions: Sequence[str]) -> Frame | None:
        """What the last of some questions asks, each after the one before.

        Args:
            questions: What somebody asked, in order.
        """
        frame: Frame | None = None
        for question in questions:
            bound = self.binder.bind(question, self.today)
            own = self._interval(bound) or frame_of(
                bound, self.lexicon, frame.of if frame is not None else None
            )
            frame = continued(bound, own, frame) if frame is not None else own
        return frame

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
        bound = self.binder.bind(question, self.today)
        if self.search is None or bound.of("want", "kind", "act", "role", "date"):
            return None
        return self.search.having(question, limit=MENTIONS)

    def is_ours(self, frame: Frame) -> bool:
        """Whether somebody of the United States or China is asked about, or nobody."""
        sides = [self._sides(iri) for party in (*frame.parties, *frame.to) for iri in party.iris[:1]]
        return not sides or any(not side or side & {*SIDES} for side in sides)

    # ── Reading ──

    def _interval(self, bound: Bound) -> Frame | None:
        """“How long after the Busan meeting did Trump and Xi phone?”: two events."""
        if not bound.says("want", "interval"):
            return None
        text = _AFTER.sub("", bound.text)
        match = _SPLIT.search(text) or re.search(r"\band\b", text)
        if match is None:
            return None
        after = frame_of(self.binder.bind(text[: match.start()], self.today), self.lexicon)
        later = frame_of(self.binder.bind(text[match.end() :], self.today), self.lexicon)
        if after is None or later is None:
            return None
        after = replace(after, of="events", parties=after.parties or later.parties)
        return replace(
            later,
            question=bound.question,
            of="events",
            want="interval",
            after=after,
            parties=later.parties or after.parties,
        )

    def _is_used(self, word: str) -> bool:
        """Whether the documents use a word, as far as some of them tell."""
        if self._used is None:
            query = f"SELECT ?body WHERE {{ ?document <{BASE}ontology#body> ?body }} LIMIT {_WORDS}"
            self._used = frozenset(
                w for row in self.store.select(query).texts() for w in _WORD.findall((row[0] or "").lower())
            )
        return word.lower() in self._used

    # ── Answering ──

    def _composed(self, frame: Frame) -> Reply:
        if frame.is_guess:
            return self._absent(frame)
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
        return self.others.answer(frame)

    def _of_topics(self, frame: Frame) -> Reply:
        if frame.words or (frame.topics and frame.is_narrow):
            said = self.claims.answer(replace(frame, of="claims", want="words", claims=()))
            return said if said.is_found else self._absent(frame)
        reply = self.topics.answer(frame)
        if reply.is_found:
            return reply
        if not frame.topics:
            said = self.claims.answer(
                replace(frame, of="claims", want="words", claims=(), parties=(), to=frame.parties)
            )
            return (
                said if said.is_found and not frame.excluded and not frame.one_sided else self._absent(frame)
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
            said if said.is_found and not frame.excluded and frame.want != "whether" else self._absent(frame)
        )

    def _of_claims(self, frame: Frame) -> Reply:
        if frame.of == "agreements":
            reply = self.claims.answer(
                replace(frame, claims=("Commitment",), want="list" if frame.want == "whether" else frame.want)
            )
            return reply if reply.is_found else self._absent(frame)
        reply = self.claims.answer(frame)
        return reply if reply.is_found else self._absent(frame)

    def _absent(self, frame: Frame) -> Reply:
        words = Phrases(self.lexicon, frame.language)
        if frame.kinds or frame.places or (frame.of == "topics" and frame.parties):
            parties = tuple(p for p in (*frame.parties, *frame.to) if not p.is_side)
            of_events = replace(frame, of="events", topics=(), parties=parties, to=())
            if not self.selection.select(of_events, kinds=("call", "meeting", "trade-talk", "visit")):
                return absent(self.selection, of_events, words)
        if frame.of == "topics" and frame.topics and frame.want == "whether":
            return self._unmentioned(frame, words)
        return Reply(
            words.say(
                "No document in the graph says so: {about}.",
                "图谱中没有文件这样说：{about}。",
                about=self.about(frame),
            ),
            is_found=False,
        )

    def _unmentioned(self, frame: Frame, words: Phrases) -> Reply:
        """That a topic is not mentioned, which is no exclusion."""
        topic = words.listed([*(words.label(it) for it in frame.topics), *frame.words], most=2)
        events = self.topics.facts.scope(frame)
        about = words.event(events[0]) if len(events) == 1 else words.about(replace(frame, topics=()), 1)
        if frame.account:
            who = words.say(
                "The {label} does not say",
                "{label}没有说明",
                label=words.label(f"{BASE}ontology#{frame.account}"),
            )
        else:
            who = words.say("No document says", "没有文件说明")
        return Reply(
            words.say(
                "{who} whether {topic} was discussed ({about}): it is not mentioned.",
                "{who}是否讨论了{topic}（{about}）：未提及。",
                who=who,
                topic=topic,
                about=about,
            ),
            is_found=False,
        )

    def _sides(self, iri: str) -> set[str]:
        entry = self.lexicon.entries.get(iri)
        if entry is None:
            return set()
        return (
            {entry.represents}
            if entry.represents
            else {iri}
            if self.lexicon.is_a(entry.kind, "Country")
            else set()
        )

    # ── In words ──

    def about(self, frame: Frame) -> str:
        """A frame in words: how a question was read."""
        words = Phrases(self.lexicon, frame.language)
        if frame.of == "events":
            return words.about(frame)
        kinds = words.listed(words.label(f"{BASE}ontology#{name}") for name in frame.claims)
        what = {
            "topics": words.say("topics not raised", "未讨论的议题")
            if frame.excluded
            else words.say("topics", "议题"),
            "claims": kinds or words.say("statements", "表态"),
            "agreements": words.say("agreements", "共识"),
            "documents": words.say("documents", "文件"),
            "offices": words.say("holders of offices", "任职者"),
            "invitations": words.say("invitations", "邀请"),
        }[frame.of]
        topics = words.listed([*(words.label(topic) for topic in frame.topics), *frame.words])
        who = words.listed(party.label for party in frame.parties)
        whom = words.listed(party.label for party in frame.to)
        where = words.listed(words.label(named[0]) for named in frame.places)
        when = words.period(frame.period)
        if words.is_chinese:
            return "，".join(
                filter(
                    None,
                    (when, who, f"对{whom}" if whom else "", f"在{where}" if where else "", topics, what),
                )
            )
        parts = (
            what,
            f"on {topics}" if topics else "",
            f"of {who}" if who else "",
            f"to {whom}" if whom else "",
            f"in {where}" if where else "",
            when,
        )
        return " ".join(filter(None, parts))
