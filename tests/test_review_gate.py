"""No review passes the gate: what breaks any shape is refused, as a correction and as an addition."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SKOS, Literal, URIRef
from rdflib.term import Node

from kg import ingest
from kg.errors import KgError
from kg.ingest import Pipeline, Prepared
from kg.lexicon import Lexicon
from kg.model import Claim, Document, Passage
from kg.review.file import read_file
from kg.review.record import statement_parts
from kg.store import Store, open_store
from kg.terms import KG, OA, document_graph
from kg.validate import parse_rdf
from kg.validate.context import context

FOLDER = Path(__file__).parent / "shapes"
BROKEN = sorted(FOLDER.glob("*/invalid-*.ttl"))
_Parts = dict[str, Any]
_BY = {"reviewer": "anna", "time": "2026-11-27T09:00:00Z"}
_ENTITIES = {
    "claimants": KG.claimant,
    "about": KG.about,
    "affirms": KG.affirms,
    "relayedBy": KG.relayedBy,
    "capacity": KG.inCapacity,
    "addressee": KG.addressee,
}
_LISTS = ("claimants", "about", "affirms")
_OF_A_REVIEW = {
    "verdict": KG.verdict,
    "reviewer": KG.reviewer,
    "time": KG.reviewedAt,
    "note": KG.reviewNote,
    "withdrawn": KG.withdrawnAt,
    "withdrawnBy": KG.withdrawnBy,
    "document": KG.reviewedDocument,
    "statement": KG.reviews,
    "instead": KG.instead,
}


@cache
def lexicon() -> Lexicon:
    return Lexicon.load()


def local(node: Node | None) -> str:
    return str(node).rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def only(found: Iterable[Any]) -> Any:
    """What a line of a file can say of a property: its value, `None`, or all if there are several."""
    values = sorted(found)
    return values[0] if len(values) == 1 else values or None


class Example:
    """A broken example, as the lines of a file of reviews can put it."""

    def __init__(self, path: Path) -> None:
        self.graph, self.valid = (
            parse_rdf(it.read_bytes(), ".ttl", where=it.stem, base="https://example.org/")
            for it in (path, path.with_name("valid.ttl"))
        )
        body = next(self.graph.objects(None, KG.body), None)
        self.body = str(body or "The ministers spoke by telephone on 3 March 2026.")
        names = [it for name in (KG.reportedIn, KG.reviewedDocument) for it in self.graph.objects(None, name)]
        self.document = local(min(names, default=URIRef("2026-03-04-note")))

    def kinds(self, node: Node) -> set[Node]:
        own = [*self.graph.objects(node, RDF.type)]
        return {kind for it in own for kind in (it, *context().above.get(it, ()))}

    def statements(self) -> list[_Parts]:
        """Its statements, and a fact of each other triple that the valid example lacks."""
        graph, told, made = self.graph, set[Node](), list[_Parts]()
        for node in sorted({*graph.subjects(RDF.type)}):
            if KG.Statement in self.kinds(node) or (node, RDF.predicate, None) in graph:
                made.append(self._statement(node))
                told.add(node)
            elif KG.Evidence in self.kinds(node):
                told.add(node)
        parts = (RDF.subject, RDF.predicate, RDF.object)
        facts = {tuple(graph.value(it, part) for part in parts) for it in told}
        used = {value for it in told for value in graph.objects(it) if self._is_own(value)}
        odd = {*graph} - {*self.valid} - facts
        for triple in sorted(it for it in odd if it[0] not in told | used) or sorted(
            graph if not made else ()
        ):
            made.append(self._fact(*triple, self._whole()))
        return made

    def _is_own(self, node: Node) -> bool:
        return str(node).endswith(f".{self.document}")

    def _statement(self, node: Node) -> _Parts:
        values = self.graph.objects
        evidence = [self._passage(it) for it in values(node, KG.evidence)]
        parts: _Parts = {
            "evidence": evidence,
            "polarity": only(map(local, values(node, KG.polarity))),
            "certainty": only(map(local, values(node, KG.certainty))),
            "cue": only(map(str, values(node, KG.cue))),
            "inEvent": next((self._event(it) for it in values(node, KG.inEvent)), None),
        }
        for name, property in _ENTITIES.items():
            found = [self._entity(it) for it in values(node, property)]
            parts[name] = found if name in _LISTS else next(iter(found), None)
        kinds = [*map(local, values(node, RDF.type))]
        if KG.Fact in self.kinds(node) or (node, RDF.predicate, None) in self.graph:
            told = [self.graph.value(node, it) for it in (RDF.subject, RDF.predicate, RDF.object)]
            parts |= self._fact(*told, evidence)
            parts["polarity"] = only(map(local, values(node, KG.polarity)))
            parts["dateBasis"] = only(map(local, values(node, KG.dateBasis)))
        else:
            parts |= {"kind": only(kinds), "content": only(map(str, values(node, KG.content)))}
        if (node, KG.reportedIn, None) not in self.graph:
            parts["evidence"] = []
        return {name: value for name, value in parts.items() if value is not None}

    def _fact(self, subject: Node | None, name: Node | None, value: Node | None, evidence: Any) -> _Parts:
        made: _Parts = {"evidence": evidence, "polarity": "Affirmed"}
        if subject is not None:
            made["subject"] = self._term(subject)
        if name is not None:
            made["predicate"] = local(name)
        if value is not None:
            made["object"] = self._term(value)
        return made

    def _term(self, node: Node) -> _Parts:
        if isinstance(node, Literal):
            return {"value": str(node), "datatype": local(node.datatype or URIRef("string"))}
        if KG.Event in self.kinds(node):
            return {"event": self._event(node)}
        if str(node).startswith(str(KG)):
            return {"name": local(node)}
        return {"entity": self._entity(node)}

    def _entity(self, node: Node) -> _Parts:
        known = lexicon().entries.get(str(node))
        kind = known.kind if known else local(self.graph.value(node, RDF.type))
        labels = [known.label] if known else [*map(str, self.graph.objects(node, SKOS.prefLabel))]
        made = {"kind": kind, "label": only(labels) or "", "iri": None if self._is_own(node) else str(node)}
        made = {name: value for name, value in made.items() if value is not None}
        if represents := self.graph.value(node, KG.represents):
            made["represents"] = str(represents)
        return made

    def _event(self, node: Node) -> _Parts:
        if KG.Event not in self.kinds(node):
            return {"kind": local(node), "anchor": self._whole()[0], "date": "2026-03-03"}
        facts = self.graph.subjects(RDF.subject, node)
        passages = [self._passage(it) for fact in facts for it in self.graph.objects(fact, KG.evidence)]
        kinds = self.kinds(node)
        directed = kinds & {KG.Invitation, KG.PolicyAction}
        names = (KG.inviter, KG.invitee, KG.imposedBy, KG.target) if directed else (KG.participant,)
        parties = [self._entity(it) for name in names for it in sorted(self.graph.objects(node, name))]
        day = local(node)[:10]
        return {
            "kind": local(min(self.graph.objects(node, RDF.type))),
            "anchor": min(passages, key=str, default=self._whole()[0]),
            "date": day if day[:2] == "20" and "." not in local(node) else None,
            "principals": parties,
            "directed": bool(directed),
        }

    def _passage(self, node: Node) -> list[Any]:
        start, end, exact = (self.graph.value(node, it) for it in (OA.start, OA.end, OA.exact))
        numbers = [int(it) if str(it).isdecimal() else it and str(it) for it in (start, end)]
        return [*numbers, exact and str(exact)]

    def _whole(self) -> list[list[Any]]:
        return [[0, len(self.body), self.body]]

    def review(self) -> _Parts:
        """The review that it is, if it is one."""
        [node] = {*self.graph.subjects(RDF.type, KG.Review)}
        found: _Parts = {
            name: only(map(str, self.graph.objects(node, property)))
            for name, property in _OF_A_REVIEW.items()
        }
        events = [str(it) for it in self.graph.objects(node, KG.reviewedEvent)]
        if events:
            found |= {"events": "same", "one": events[0], "other": events[1:]}
        if (node, KG.record, None) not in self.graph:
            return {}
        for name in ("statement", "instead"):
            if isinstance(found[name], str):
                found[name] = statement_parts(claims(self.body)[name == "instead"])
        for name in ("verdict", "document"):
            if isinstance(found[name], str):
                found[name] = local(URIRef(found[name]))
        return {name: value for name, value in found.items() if value is not None}


def claims(body: str, number: int = 2) -> list[Claim]:
    """What a reader might have read of a text: statements at each of which nothing is wrong."""
    return [
        Claim(evidence=(Passage(it, it + 1, body[it]),), kind="Assertion", content=body[it])
        for it in range(number)
    ]


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        yield opened


def sent(example: Example, statements: list[_Parts], verdict: str) -> str:
    """The lines of a file that add statements, or put them in the place of others."""
    kept = claims(example.body, len(statements))
    lines: list[_Parts] = [
        {**_BY, "document": example.document, "verdict": "Added", "statement": it}
        if verdict == "Added"
        else {
            **_BY,
            "document": example.document,
            "verdict": "Corrected",
            "statement": statement_parts(read),
            "instead": it,
        }
        for read, it in zip(kept, statements, strict=True)
    ]
    return "\n".join(json.dumps(it) for it in lines)


# Of these nothing can be said in a review: what is wrong is outside of a statement, or made sound on the way.
MADE_SOUND = {
    "document/invalid-cited": "a triple without a fact: a review brings facts",
    "event/invalid-cited": "the same",
    "vocabulary/invalid-uncited": "the same",
    "fact/invalid-negated": "a triple that is denied: a denial states none",
    "fact/invalid-stands": "a fact without its triple: it is stated with it",
    "event/invalid-date-not-both": "a day beside the reason for having none: the reason goes",
    "event/invalid-place-not-both": "the same of a place",
    "statement/invalid-cue": "an empty reporting word: it is left out",
    "vocabulary/invalid-derived": "a claim with a derived account: it is derived again",
    "vocabulary/invalid-disjoint": "a node of two classes: a review gives it one",
}
VALID = [path for path in sorted(FOLDER.glob("*/valid.ttl")) if "kg:reportedIn" in path.read_text("utf-8")]
VERDICTS = pytest.mark.parametrize("verdict", ["Added", "Corrected"])


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def attempted(path: Path, verdict: str, store: Store, pipeline: Pipeline) -> str:
    """What refuses an example that is sent as a review; nothing if it passes. What is refused leaves no trace."""
    example = Example(path)
    statements = example.statements()
    kept = claims(example.body, len(statements))
    is_review = path.parent.name == "review"
    text = json.dumps(example.review()) if is_review else sent(example, statements, verdict)

    def prepare(document: Document) -> Prepared:
        return pipeline.accept(document, kept)

    ingest.put(prepare(Document(example.document, example.body, published="2026-03-04")), store)
    before = lines(store)
    try:
        ingest.record(read_file(text, "x"), store, prepare, pipeline)
    except KgError as error:
        assert lines(store) == before
        return str(error)
    return ""


def lines(store: Store) -> dict[str, list[bytes]]:
    return {graph: sorted(store.lines(graph)) for graph in store.graphs()}


@VERDICTS
@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_sound_example_is_taken_as_a_review(
    path: Path, verdict: str, store: Store, pipeline: Pipeline
) -> None:
    assert attempted(path, verdict, store, pipeline) == ""


@VERDICTS
@pytest.mark.parametrize("path", BROKEN, ids=name_of)
def test_what_breaks_a_shape_is_refused_as_a_review(
    path: Path, verdict: str, store: Store, pipeline: Pipeline
) -> None:
    refusal = attempted(path, verdict, store, pipeline)
    if name_of(path) not in MADE_SOUND:
        assert refusal
        return
    assert not refusal
    [name] = [it for it in store.graphs() if it.startswith(str(document_graph("")))]
    stored = parse_rdf(b"".join(store.lines(name)), ".nt", where=name, base="")
    assert pipeline.validator.validate(stored).conforms
