"""What the index takes from a store: texts with their metadata, and who says what on which topic where."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from kg.identity import document_iri
from kg.search.index import Record
from kg.store import Store
from kg.terms import BASE, KG, ONTOLOGY

__all__ = ["Source"]

_AT_ONCE = 100  # documents whose texts are fetched together
_ONTOLOGY = f"{BASE}ontology#"
_PREFIXES = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{_ONTOLOGY}>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_STAMPS = """SELECT ?document ?input ?extractor ?vocabulary WHERE {
  ?document kg:digest ?digest ; kg:inputDigest ?input .
  OPTIONAL { ?document kg:extractor ?extractor } OPTIONAL { ?document kg:vocabularyDigest ?vocabulary } }"""
_TEXTS = """SELECT ?document ?kind ?title ?issued ?publisher ?body WHERE {
  VALUES ?document { %s }
  ?document kg:body ?body ; kg:digest ?digest ; rdf:type ?kind .
  OPTIONAL { ?document dcterms:title ?title } OPTIONAL { ?document dcterms:issued ?issued }
  OPTIONAL { ?document dcterms:publisher ?publisher } }"""
_SAID = """SELECT ?document ?start ?end ?account ?claimant WHERE {
  VALUES ?document { %s }
  ?statement kg:reportedIn ?document ; kg:evidence ?passage .
  ?passage kg:inDocument ?document ; oa:start ?start ; oa:end ?end .
  OPTIONAL { ?statement kg:account ?account } OPTIONAL { ?statement kg:claimant ?claimant } }"""
_TALKED_OF = """SELECT ?document ?start ?end ?topic WHERE {
  VALUES ?document { %s }
  ?statement kg:reportedIn ?document ; kg:evidence ?passage .
  ?passage kg:inDocument ?document ; oa:start ?start ; oa:end ?end .
  { ?statement kg:about ?topic } UNION {
    VALUES ?relation { kg:discussedTopic kg:mainTopic kg:excludedTopic kg:passedOverTopic }
    ?statement rdf:predicate ?relation ; rdf:object ?topic } }"""
_BROADER = "SELECT ?topic ?above WHERE { ?topic skos:broader ?above }"
_SIDES = """SELECT ?agent ?account WHERE {
  ?account a kg:Account ; kg:side ?country .
  { ?agent kg:represents ?country } UNION { BIND(?country AS ?agent) } }"""
_VOCABULARY = f"SELECT ?digest WHERE {{ <{ONTOLOGY}> <{KG.vocabularyDigest}> ?digest }}"
_THIRD = "ThirdPartyAccount"


class Source:
    """The documents of one state of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._above: dict[str, frozenset[str]] = {}
        self._broader: defaultdict[str, list[str]] = defaultdict(list)
        for topic, above in self._rows(_BROADER):
            self._broader[topic].append(above)
        self._sides = {agent: account.removeprefix(_ONTOLOGY) for agent, account in self._rows(_SIDES)}

    def vocabulary(self) -> str:
        """Names the state of the reference data, from which marks follow too."""
        return next((digest for (digest,) in self._rows(_VOCABULARY)), "")

    def stamps(self) -> dict[str, str]:
        """By identifier of each document, what changes when it is loaded or read again."""
        start = document_iri("")
        found: defaultdict[str, list[str]] = defaultdict(list)
        for document, *told in self._rows(_STAMPS):
            found[document.removeprefix(start)].append(" ".join(told))
        return {
            name: sha256("\n".join(sorted(told)).encode()).hexdigest()[:16] for name, told in found.items()
        }

    def records(self, names: Sequence[str]) -> Iterator[Record]:
        """What is to be indexed of documents; nothing for those that are not there."""
        for first in range(0, len(names), _AT_ONCE):
            yield from self._some(names[first : first + _AT_ONCE])

    def _some(self, names: Sequence[str]) -> Iterator[Record]:
        iris = {document_iri(name): name for name in names}
        values = " ".join(f"<{iri}>" for iri in iris)
        marks: defaultdict[str, set[tuple[int, int, str, str]]] = defaultdict(set)
        for document, start, end, account, claimant in self._rows(_SAID % values):
            span = int(start), int(end)
            if account:
                marks[document].add((*span, "side", account.removeprefix(_ONTOLOGY)))
            if claimant and "." not in claimant.rsplit("/", 1)[-1]:  # a dot marks what one document knows
                marks[document].add((*span, "speaker", claimant))
        for document, start, end, topic in self._rows(_TALKED_OF % values):
            marks[document].update((int(start), int(end), "topic", it) for it in self._around(topic))
        for document, told in sorted(self._values(values).items()):
            yield self._record(iris[document], told, tuple(sorted(marks[document])))

    def _values(self, values: str) -> Mapping[str, list[tuple[str, ...]]]:
        found: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        for document, *told in self._rows(_TEXTS % values):
            found[document].append(tuple(told))
        return found

    def _record(
        self, name: str, told: list[tuple[str, ...]], marks: tuple[tuple[int, int, str, str], ...]
    ) -> Record:
        """One record; of what a document says twice, the first in order counts."""
        kinds = sorted(row[0].removeprefix(_ONTOLOGY) for row in told if row[0].startswith(_ONTOLOGY))
        title, issued, publisher, body = min(row[1:] for row in told)
        return Record(
            name=name,
            title=title or name,
            body=body,
            issued=issued,
            kind=next((kind for kind in kinds if kind != "Document"), "Document"),
            side=self._sides.get(publisher, _THIRD),
            publisher=publisher,
            marks=marks,
        )

    def _around(self, topic: str) -> frozenset[str]:
        """A topic and all above it."""
        if topic not in self._above:
            self._above[topic] = frozenset({topic})  # a circle ends here
            above = (self._around(parent) for parent in self._broader.get(topic, ()))
            self._above[topic] = frozenset({topic}).union(*above)
        return self._above[topic]

    def _rows(self, query: str) -> Iterator[tuple[str, ...]]:
        for row in self._store.select(_PREFIXES + query).texts():
            yield tuple(value or "" for value in row)
