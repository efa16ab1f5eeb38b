"""The gate of the store: nothing that no fact cites enters, whatever is added to a graph, taken away or changed."""

import logging
import random
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import KgError, NonConformingError
from kg.ingest import Pipeline, edit
from kg.store import Store, open_store
from kg.terms import ID, KG, OA, document_graph
from kg.validate import Validator, parse_rdf
from kg.validate.context import context

FOLDER = Path(__file__).parent / "shapes"
Triple = tuple[Node, Node, Node]
CALL = ID["call/2026-03-03-marco-rubio-wang-yi"]
PROPERTIES = sorted(context().properties, key=str)
FOREIGN = [
    RDF.type, RDF.subject, RDF.value, RDFS.label, RDFS.subClassOf, RDFS.seeAlso, SKOS.prefLabel, SKOS.altLabel,
    SKOS.broader, OWL.sameAs, OWL.differentFrom, OWL.equivalentClass, DCTERMS.title, DCTERMS.subject, OA.exact,
    URIRef("http://xmlns.com/foaf/0.1/name"), URIRef("http://semanticweb.cs.vu.nl/2009/11/sem/hasActor"),
]  # fmt: skip
VALUES = [
    ID["topic/taiwan"], ID["country/iran"], KG.Occurred, KG.Call, CALL, Literal("words"), Literal("Somebody", lang="en"),
    Literal("2026-03-09", datatype=XSD.date),
]  # fmt: skip
# Of what no document may say anything that it does not cite: of an event, of what the reference data describe, of a
# term, of what nobody describes.
SUBJECTS = [
    CALL,
    ID["person/xi-jinping"],
    ID["topic/taiwan"],
    KG.Call,
    KG.participant,
    URIRef("https://example.org/x"),
]


@cache
def validator() -> Validator:
    return Validator()


@cache
def example(name: str) -> Graph:
    return parse_rdf((FOLDER / f"{name}.ttl").read_bytes(), ".ttl", where=name, base="https://example.org/")


@cache
def documents() -> tuple[str, ...]:
    """The valid examples that are graphs of documents."""
    found = (f"{path.parent.name}/valid" for path in sorted(FOLDER.glob("*/valid.ttl")))
    return tuple(name for name in found if (None, KG.reportedIn, None) in example(name))


def changed(graph: Graph, *, add: Triple | None = None, remove: Triple | None = None) -> Graph:
    copy = Graph()
    for triple in graph:
        if triple != remove:
            copy.add(triple)
    return copy.add(add) if add else copy


def admitted(graph: Graph) -> bool:
    return validator().validate(graph).conforms


# ── What is cited, told without the code of the gate ──────────────────────────


def above(kind: Node) -> set[Node]:
    return {kind, *context().above.get(kind, ())}


def kinds(graph: Graph, node: Node) -> set[Node]:
    return {kind for own in graph.objects(node, RDF.type) for kind in above(own)}


def cited(graph: Graph) -> set[Triple]:
    """The triples that an affirmed fact tells whose passage stands in the body of its document."""
    found: set[Triple] = set()
    for fact in graph.subjects(RDF.type, KG.Fact):
        if (fact, KG.polarity, KG.Affirmed) not in graph or not any(stands(graph, fact)):
            continue
        subject, name, value = (graph.value(fact, part) for part in (RDF.subject, RDF.predicate, RDF.object))
        found |= set(context().entailed((subject, name, value)))  # type: ignore[arg-type]
    return found


def stands(graph: Graph, statement: Node) -> Iterator[bool]:
    for passage in graph.objects(statement, KG.evidence):
        start, end = (int(str(graph.value(passage, part, default="-1"))) for part in (OA.start, OA.end))
        document = graph.value(passage, KG.inDocument)
        body = graph.value(document, KG.body)
        yield body is None or body[start:end] == str(graph.value(passage, OA.exact))


def uncited(graph: Graph) -> set[Triple]:
    """The triples that somebody who asks the store would take for what a document says, without a citation."""
    described = {KG.Document, KG.Statement, KG.Evidence}
    named = {KG.Agent, KG.Topic, KG.Place, KG.Office}
    own = {RDF.type, SKOS.prefLabel, KG.represents}
    found = set()
    for triple in set(graph) - cited(graph):
        roles = kinds(graph, triple[0])
        is_described = roles & described and triple[1] not in (
            KG.passedOverTopic,
            KG.account,
            KG.conflictsWith,
        )
        is_own = roles & named and triple[1] in own and triple[0] not in context().described
        if KG.Event in roles or not (is_described or is_own):
            found.add(triple)
    return found


# ── One triple alone, and one triple more ─────────────────────────────────────


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_no_single_triple_enters_whatever_its_property(subject: URIRef) -> None:
    lone = [(subject, name, value) for name in [*PROPERTIES, *FOREIGN] for value in VALUES[:3]]
    assert [triple for triple in lone if admitted(Graph().add(triple))] == []


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_no_triple_beside_a_sound_document_enters_unless_a_fact_tells_it(subject: URIRef) -> None:
    sound = example("fact/valid")
    names = [*PROPERTIES, *FOREIGN]
    added = {(subject, name, VALUES[number % len(VALUES)]) for number, name in enumerate(names)} - cited(
        sound
    )
    graph = changed(sound)
    for triple in added:
        graph.add(triple)
    refused = {(result.focus, result.path) for result in validator().validate(graph).violations}
    assert {(subject, str(name)) for _, name, _ in added} <= refused


@pytest.mark.parametrize("subject", SUBJECTS, ids=str)
def test_no_class_is_given_without_a_fact_to_what_is_not_the_documents_own(subject: URIRef) -> None:
    sound = example("fact/valid")
    for kind in sorted(context().classes, key=str)[::3]:
        added = (subject, RDF.type, kind)
        assert added in cited(sound) or not admitted(changed(sound, add=added)), added


def test_a_person_of_the_reference_data_is_not_renamed_even_by_a_cited_fact() -> None:
    sound = example("fact/valid")
    [fact] = sound.subjects(RDF.predicate, KG.status)
    for name, value in (
        (SKOS.prefLabel, Literal("Else")),
        (RDF.type, KG.Group),
        (KG.endDate, Literal("2020")),
    ):
        told = changed(sound, add=(ID["person/wang-yi"], name, value))
        for part, said in ((RDF.subject, ID["person/wang-yi"]), (RDF.predicate, name), (RDF.object, value)):
            told.set((fact, part, said))
        assert not admitted(told)


# ── One triple less, or another ───────────────────────────────────────────────


@pytest.mark.parametrize("name", documents())
def test_what_is_left_when_a_triple_is_taken_away_is_cited_or_refused(name: str) -> None:
    triples = sorted(example(name))
    for triple in triples[:: len(triples) // 80 + 1]:  # of the longest examples every second or third
        rest = changed(example(name), remove=triple)
        assert not admitted(rest) or not uncited(rest), triple


@given(st.sampled_from(documents()), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_what_comes_of_any_change_of_a_triple_is_cited_or_refused(name: str, choice: random.Random) -> None:
    triples = sorted(example(name))
    subject, predicate, value = choice.choice(triples)
    other = choice.choice(triples)
    made = choice.choice([
        (other[0], predicate, value), (subject, other[1], value), (subject, predicate, other[2]),
        (subject, choice.choice(PROPERTIES), value), (subject, predicate, choice.choice(VALUES)),
    ])  # fmt: skip
    graph = changed(example(name), add=made, remove=(subject, predicate, value))
    assert not admitted(graph) or not uncited(graph)


# ── Words and datatypes ───────────────────────────────────────────────────────

ILL_TYPED = {
    "date": ["2025-13-01", "2025-02-30", "20250605", "June"], "gYear": ["foo", "25", "2025-06"],
    "gYearMonth": ["2025-13", "2025-6"], "duration": ["P", "PT", "90M", "P1S"], "boolean": ["yes", "True"],
    "integer": ["1.5", "1_000", "", "١"], "nonNegativeInteger": ["-5"], "dateTime": ["2025-06-05", "x"],
    "gMonthDay": ["06-05"], "anyURI": ["a b"], "decimal": ["1e5"], "byte": ["300"], "time": ["25:00:00"],
    "dayTimeDuration": ["P1Y"], "language": ["en_US"], "nothing": ["x"],
}  # fmt: skip


@pytest.mark.parametrize("datatype", ILL_TYPED)
def test_words_that_are_not_of_their_datatype_are_refused_without_a_traceback(
    datatype: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    document = next(example("document/valid").subjects(RDF.type, KG.Article))
    lines = example("document/valid").serialize(format="nt")
    for words in ILL_TYPED[datatype]:
        more = f'<{document}> <{DCTERMS.created}> "{words}"^^<{XSD}{datatype}> .\n'
        with caplog.at_level(logging.WARNING), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            graph = parse_rdf((lines + more).encode(), ".nt", where="x", base="https://example.org/")
        assert [result.shape for result in validator().validate(graph).violations] == ["Vocabulary-literal"]
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("datatype", "words"),
    [("date", "2024-02-29"), ("gYear", "0987"), ("gYearMonth", "2025-12"), ("duration", "P1Y2M3DT4H5M6.7S"),
     ("boolean", "1"), ("integer", "+12"), ("double", "1e-5"), ("dateTime", "2025-06-05T12:00:00Z"),
     ("yearMonthDuration", "P2M"), ("dayTimeDuration", "-PT90M"), ("anyURI", "https://example.org/ü")],
)  # fmt: skip
def test_words_of_their_datatype_are_taken(datatype: str, words: str) -> None:
    document = next(example("document/valid").subjects(RDF.type, KG.Article))
    value = Literal(words, datatype=XSD[datatype], normalize=False)
    assert admitted(changed(example("document/valid"), add=(document, DCTERMS.created, value)))


# ── The door ──────────────────────────────────────────────────────────────────


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store("memory:", write=True) as opened:
        yield opened


def put(graph: Graph, name: str, store: Store, pipeline: Pipeline) -> None:
    edit({str(document_graph(name)): graph.serialize(format="nt", encoding="utf-8")}, store, pipeline)


def shown(store: Store) -> Graph:
    """What queries see of documents, without what follows from it."""
    graphs = [graph for graph in store.graphs() if graph.startswith(str(document_graph("")))]
    lines = b"".join(line for graph in graphs for line in store.lines(graph))
    return parse_rdf(lines, ".nt", where="store", base="https://example.org/")


REFUSED = [
    path
    for path in sorted(FOLDER.glob("*/invalid-*.ttl"))
    if "kg:reportedIn" in path.read_text(encoding="utf-8")
]


def test_what_breaks_any_shape_is_refused_at_the_door(store: Store, pipeline: Pipeline) -> None:
    entered = []
    for path in REFUSED:
        graph = example(f"{path.parent.name}/{path.stem}")
        name = str(next(graph.objects(None, KG.reportedIn))).rsplit("/", 1)[-1]
        try:
            put(graph, name, store, pipeline)
        except KgError:
            continue
        entered.append(path.name)
    assert entered == []
    assert store.graphs() == []


def test_nothing_uncited_is_ever_shown_to_queries(store: Store, pipeline: Pipeline) -> None:
    put(example("fact/valid"), "2026-03-04-ministers-speak", store, pipeline)
    choice = random.Random(1)
    for number in range(40):
        graph = example(choice.choice(documents()))
        triples = sorted(graph)
        subject, predicate, _ = choice.choice(triples)
        added = (
            choice.choice([subject, *SUBJECTS]),
            choice.choice([predicate, *PROPERTIES]),
            choice.choice(VALUES),
        )
        name = str(next(graph.objects(None, KG.reportedIn))).rsplit("/", 1)[-1]
        try:
            put(
                changed(graph, add=added, remove=choice.choice(triples) if number % 2 else None),
                name,
                store,
                pipeline,
            )
        except KgError:
            continue
    assert uncited(shown(store)) == set()


def test_the_document_of_a_graph_is_the_one_that_the_graph_is_named_after(
    store: Store, pipeline: Pipeline
) -> None:
    with pytest.raises(NonConformingError) as caught:
        put(example("fact/valid"), "another", store, pipeline)
    assert "Document-one" in caught.value.report


def test_nobody_adds_to_the_statements_of_another_document(store: Store, pipeline: Pipeline) -> None:
    put(example("fact/valid"), "2026-03-04-ministers-speak", store, pipeline)
    [denial] = example("fact/valid").subjects(KG.polarity, KG.Negated)
    other = Graph()
    for triple in example("document/valid"):
        other.add(tuple(denial if node == ID["claim/touch"] else node for node in triple))  # type: ignore[arg-type]
    with pytest.raises(NonConformingError, match="belongs to that document"):
        put(other, "2026-03-04-note", store, pipeline)
    put(example("document/valid"), "2026-03-04-note", store, pipeline)


def test_one_update_does_not_give_one_statement_to_two_documents(store: Store, pipeline: Pipeline) -> None:
    lines = example("document/valid").serialize(format="nt")
    other = lines.replace("2026-03-04-note", "2026-03-05-note")
    changes = {
        str(document_graph(f"2026-03-0{day}-note")): text.encode() for day, text in ((4, lines), (5, other))
    }
    with pytest.raises(NonConformingError, match="belongs to that document"):
        edit(changes, store, pipeline)
    assert store.graphs() == []
