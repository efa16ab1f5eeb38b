"""Writes the events that mentions are of into the graphs of a document, and takes them out again.

A document's graph is built as if it were the only one: its events have the names that it alone gives them.
In the store they have the names of the events that all documents together tell of, and a day that was found
to be another is no triple of the event, but stays what the fact of the document says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from kg.resolution.mention import Mention, read_mention, record
from kg.resolution.resolver import Event
from kg.store.results import Literal
from kg.terms import BASE, KG

__all__ = [
    "Local",
    "Placed",
    "fingerprints",
    "is_kept_aside",
    "is_note",
    "localise",
    "mentions_of",
    "notes",
    "place",
    "renamed",
    "without_notes",
]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_ID = f"{BASE}id/"


def _iri(iri: str) -> bytes:
    return f"<{iri}>".encode()


_SUBJECT, _PREDICATE, _OBJECT = (_iri(_RDF + part) for part in ("subject", "predicate", "object"))
_TYPE, _IN_EVENT, _POLARITY = _iri(f"{_RDF}type"), _iri(str(KG.inEvent)), _iri(str(KG.polarity))
_AFFIRMED, _FINGERPRINT, _RESOLVED = (_iri(str(it)) for it in (KG.Affirmed, KG.fingerprint, KG.resolvedTo))
_TOLD_AS = {
    _SUBJECT: _iri(str(KG.subjectToldAs)),
    _OBJECT: _iri(str(KG.objectToldAs)),
    _IN_EVENT: _iri(str(KG.eventToldAs)),
}
_START, _END, _OPEN = (_iri(str(it)) for it in (KG.date, KG.endDate, KG.dateStatus))
_STATEMENTS = (_iri(f"{_ID}fact/")[:-1], _iri(f"{_ID}claim/")[:-1])
_NOTES = frozenset({_iri(_REPLACED), _iri(str(KG.possiblySameAs)), _iri(_LABEL)})
_OF_REVIEWS = frozenset(_iri(str(it)) for it in (KG.reviewStatus, KG.review, KG.openReason))
_JUDGEMENTS = _iri(f"{_ID}judgement/")[:-1]


@dataclass(frozen=True, slots=True)
class Placed:
    """A document's graph as it stands in the store.

    Attributes:
        stated: N-Triples.
        is_folded: Whether events that the document alone tells apart are one in it.
    """

    stated: bytes
    is_folded: bool


@dataclass(frozen=True, slots=True)
class Local:
    """A document's graph as it is built of the document alone.

    Attributes:
        stated: N-Triples.
        was_folded: Whether events that the document alone tells apart were one.
        names: By the name that the document alone gives each of its events, that under which it stood.
    """

    stated: bytes
    was_folded: bool = False
    names: Mapping[str, str] = field(default_factory=dict)


def fingerprints(mentions: Iterable[Mention]) -> bytes:
    """What is kept of mentions, as N-Triples."""
    lines = (f"<{it.name}> {_FINGERPRINT.decode()} {Literal(record(it))} .\n" for it in mentions)
    return "".join(lines).encode()


def mentions_of(document: str, inferred: Iterable[bytes]) -> tuple[Mention, ...]:
    """The mentions that `fingerprints` wrote among the lines of a document's inferred graph."""
    found = []
    for line in inferred:
        name, said, value = _parts(line)
        if said == _FINGERPRINT:
            found.append(read_mention(document, name[1:-1].decode(), _unquoted(value)))
    return tuple(sorted(found, key=lambda it: it.name))


def place(stated: bytes, events: Mapping[str, Event]) -> Placed:
    """A document's graph, its events under the names that all documents together give them.

    Args:
        stated: What the document states, as N-Triples.
        events: By the names that the document alone gives, its events.
    """
    named = {_iri(name): _iri(event.iri) for name, event in events.items()}
    days = {_iri(name): event for name, event in events.items()}
    lines = [_parts(line) for line in stated.splitlines()]
    facts = _facts(lines)
    settled = {node: other for node, fact in facts.items() if (other := _other_day(fact, days))}
    dropped = {facts[node].triple for node in settled}
    made: list[bytes] = []
    for subject, said, value in lines:
        if (subject, said, value) in dropped:
            continue
        now = named.get(value, value)
        if now != value and (part := _TOLD_AS.get(said)):
            made.append(_line(subject, part, _text(value[1:-1].decode().removeprefix(_ID))))
        made.append(_line(named.get(subject, subject), said, now))
    made += [_line(node, _RESOLVED, value) for node, value in settled.items()]
    return Placed(b"".join(dict.fromkeys(made)), len({*named.values()}) < len(named))


def localise(stated: Iterable[bytes]) -> Local:
    """A document's graph without what other documents had a part in.

    Args:
        stated: Lines of its graph in the store.
    """
    lines = [_parts(line) for line in stated]
    marks = {*_TOLD_AS.values()}
    own = {(it, said): _iri(_ID + _unquoted(value)) for it, said, value in lines if said in marks}
    told: dict[bytes, set[bytes]] = {}  # by the name of an event, those that the document alone gives it
    for subject, said, value in lines:
        if part := _TOLD_AS.get(said):
            told.setdefault(value, set()).add(own.get((subject, part), value))
    renamed = {iri for iri, names in told.items() if names != {iri}}
    if not renamed and not any(said == _RESOLVED for _, said, _ in lines):
        return Local(b"".join(_line(*parts) for parts in lines))
    made: list[tuple[bytes, bytes, bytes]] = []
    for subject, said, value in lines:
        if said == _RESOLVED or said in marks:
            continue
        if subject in renamed or (value in renamed and said not in _TOLD_AS):
            continue  # the facts give it again
        made.append((subject, said, own.get((subject, _TOLD_AS.get(said, b"")), value)))
    made += [fact.triple for fact in _facts(made).values() if fact.is_affirmed]
    names = {name[1:-1].decode(): iri[1:-1].decode() for iri, its in told.items() for name in its}
    was_folded = any(len(its) > 1 for its in told.values())
    return Local(b"".join(_line(*parts) for parts in dict.fromkeys(made)), was_folded, names)


def renamed(inferred: Iterable[bytes], before: Mapping[str, str], events: Mapping[str, Event]) -> list[bytes]:
    """The lines of an inferred graph with the names that events have now.

    Only of a document of which no two events were or are one: what follows from such has to be found anew.

    Args:
        inferred: The lines.
        before: By the name that the document alone gives an event, that which it has in the lines.
        events: By the same, what it is.
    """
    named = {_iri(before.get(name, name)): _iri(event.iri) for name, event in events.items()}
    named = {old: new for old, new in named.items() if old != new}
    if not named:
        return [*inferred]
    made = []
    for line in inferred:
        subject, said, value = _parts(line)
        if said != _FINGERPRINT and (subject in named or value in named):
            line = _line(named.get(subject, subject), said, named.get(value, value))
        made.append(line)
    return made


def notes(
    events: Mapping[str, Event], kept: Iterable[Event], labels: Mapping[str, Mapping[str, str]]
) -> bytes:
    """What the inferred graph of a document says of how its events were found to be one with others.

    Args:
        events: Its events, by the names that its mentions have of themselves or of it.
        kept: The events of which it says what is known of them as a whole.
        labels: By event, its names by language.
    """
    lines: list[str] = []
    for name, event in sorted(events.items()):
        if name != event.iri:
            lines.append(f"<{name}> <{_REPLACED}> <{event.iri}> .\n")
            reason = event.reasons.get(name) or event.reasons.get(event.iri) or "by decision of a person"
            lines += _judgement(name, _REPLACED, event.iri, reason)
    for event in kept:
        for language, label in sorted(labels.get(event.iri, {}).items()):
            lines.append(f"<{event.iri}> <{_LABEL}> {Literal(label, language=language)} .\n")
        for other, reason in event.doubts:
            lines.append(f"<{event.iri}> <{KG.possiblySameAs}> <{other}> .\n")
            lines += _judgement(event.iri, str(KG.possiblySameAs), other, reason)
    return "".join(lines).encode()


def without_notes(inferred: Iterable[bytes]) -> list[bytes]:
    """The lines of an inferred graph without those of `notes`."""
    return [line for line in inferred if not is_note(line)]


def is_kept_aside(line: bytes) -> bool:
    """Whether a line of an inferred graph follows from no rule: of `fingerprints`, `notes` or reviews."""
    said = _parts(line)[1]
    return is_note(line) or said == _FINGERPRINT or said in _OF_REVIEWS


def is_note(line: bytes) -> bool:
    """Whether a line of an inferred graph is of `notes`."""
    subject, said, _ = _parts(line)
    return said in _NOTES or subject.startswith(_JUDGEMENTS)


def _judgement(one: str, said: str, other: str, reason: str) -> Iterator[str]:
    digest = sha256("\n".join((one, said, other)).encode()).hexdigest()[:20]
    node = f"<{_ID}judgement/{digest}>"
    yield f"{node} <{_RDF}type> <{_RDF}Statement> .\n"
    for part, value in (("subject", one), ("predicate", said), ("object", other)):
        yield f"{node} <{_RDF}{part}> <{value}> .\n"
    yield f"{node} <{KG.reason}> {Literal(reason, language='en')} .\n"


@dataclass(slots=True)
class _Fact:
    subject: bytes = b""
    predicate: bytes = b""
    object: bytes = b""
    is_affirmed: bool = False

    @property
    def triple(self) -> tuple[bytes, bytes, bytes]:
        return self.subject, self.predicate, self.object


_FIELDS = {_SUBJECT: "subject", _PREDICATE: "predicate", _OBJECT: "object"}


def _facts(lines: Iterable[tuple[bytes, bytes, bytes]]) -> dict[bytes, _Fact]:
    found: dict[bytes, _Fact] = {}
    for subject, said, value in lines:
        if name := _FIELDS.get(said):
            setattr(found.setdefault(subject, _Fact()), name, value)
        elif said == _POLARITY and value == _AFFIRMED:
            found.setdefault(subject, _Fact()).is_affirmed = True
    return {node: fact for node, fact in found.items() if fact.subject and fact.predicate}


def _other_day(fact: _Fact, events: Mapping[bytes, Event]) -> bytes | None:
    """The day under which the event stands, if a fact gives another; or that it has one, if it gives none."""
    event = events.get(fact.subject)
    if event is None or not fact.is_affirmed or not event.start:
        return None
    if fact.predicate == _START and _unquoted(fact.object) != event.start:
        return _date(event.start)
    if fact.predicate == _END and _unquoted(fact.object) != event.end:
        return _date(event.end or event.start)
    return _date(event.start) if fact.predicate == _OPEN else None


def _date(text: str) -> bytes:
    kind = {4: "gYear", 7: "gYearMonth"}.get(len(text), "date")
    return f'"{text}"^^<{_XSD}{kind}>'.encode()


def _parts(line: bytes) -> tuple[bytes, bytes, bytes]:
    subject, said, rest = line.split(b" ", 2)
    return subject, said, rest[: rest.rindex(b".")].rstrip()


def _line(subject: bytes, said: bytes, value: bytes) -> bytes:
    return b"%s %s %s .\n" % (subject, said, value)


def _text(text: str) -> bytes:
    return str(Literal(text)).encode()


def _unquoted(value: bytes) -> str:
    """The lexical form of a literal."""
    text = value.decode()
    if not text.startswith('"'):
        return text
    return _literal(text)


def _literal(text: str) -> str:
    end = text.rindex('"')
    return text[1:end] if "\\" not in text else _unescaped(text[1:end])


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "b": "\b", "f": "\f", "'": "'"}


def _unescaped(text: str) -> str:
    made, at = [], 0
    while at < len(text):
        if text[at] != "\\":
            made.append(text[at])
            at += 1
        elif text[at + 1] in "uU":
            size = 4 if text[at + 1] == "u" else 8
            made.append(chr(int(text[at + 2 : at + 2 + size], 16)))
            at += 2 + size
        else:
            made.append(_ESCAPES[text[at + 1]])
            at += 2
    return "".join(made)
