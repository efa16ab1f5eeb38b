"""How long inference takes a document: compiled rules against owlrl, in one run.

Usage: python benchmarks/inference.py [ROUNDS]

The documents are made up, of the sizes that news reports have. owlrl gets the axioms and the document, but
not the thousands of triples of reference data that the rules take into account: that favours owlrl.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from statistics import median
from time import perf_counter

from rdflib import RDF

from kg import graph
from kg.model import Claim, Document, Entity, Event, Fact, Literal, Name, Passage, Statement, Term
from kg.reason import Reasoner, ontology_closure, owlrl_closure, read_ontology
from kg.terms import ID, KG

BODY = "On that day the two sides spoke at length about what divides them and what does not. " * 20
DOCUMENT = Document("benchmark", BODY)
PROVENANCE = graph.Provenance("benchmark", "0", "0")
PEOPLE = tuple(Entity("Leader", slug, str(ID[f"person/{slug}"])) for slug in ("joe-biden", "xi-jinping"))
SIZES = ((8, 6), (14, 12), (24, 18))  # facts and claims
ROUNDS = 200


def statements(facts: int, claims: int) -> Iterator[Statement]:
    """A call of two leaders, its topics, and claims that they make in turn."""
    topics = [
        Entity("Topic", str(s), str(s)) for s, p, o in read_ontology() if (p, o) == (RDF.type, KG.Topic)
    ]
    call = Event("Call", _passage(0), "2020-01-02", PEOPLE)
    described: list[tuple[str, Term]] = [("type", Name("Call")), ("date", Literal("2020-01-02", "date"))]
    described += [("participant", person) for person in PEOPLE]
    described += zip(cycle(["discussedTopic", "excludedTopic"]), topics, strict=False)
    for number, (predicate, value) in enumerate(islice(described, facts)):
        yield Fact(evidence=(_passage(number),), subject=call, predicate=predicate, object=value)
    for number, (person, topic) in enumerate(islice(zip(cycle(PEOPLE), topics, strict=False), claims)):
        passage = _passage(facts + number)
        yield Claim(
            evidence=(passage,), claimants=(person,), cue="said", in_event=call,
            kind="Assertion", content=passage.exact, about=(topic,),
        )  # fmt: skip


def _passage(number: int) -> Passage:
    return Passage(number, number + 40, BODY[number : number + 40])


def milliseconds(run: Callable[[], object], rounds: int) -> float:
    """The median time of one call."""
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        run()
        times.append(perf_counter() - begun)
    return median(times) * 1000


def main(rounds: int) -> None:
    """Print one line a size."""
    begun = perf_counter()
    reasoner = Reasoner()
    print(f"reasoner built in {(perf_counter() - begun) * 1000:.0f} ms")
    axioms = ontology_closure(read_ontology())
    print("stated  inferred  rules: OWL RL  all on sets  on graphs      owlrl   ratio")
    for facts, claims in SIZES:
        stated = graph.build(DOCUMENT, statements(facts, claims), PROVENANCE)
        triples = set(stated)
        rules = milliseconds(partial(reasoner.consequences, triples), rounds)
        on_sets = milliseconds(partial(reasoner.infer_triples, triples), rounds)
        on_graphs = milliseconds(partial(reasoner.infer, stated), rounds)
        by_owlrl = milliseconds(partial(owlrl_closure, [*axioms, *triples]), max(rounds // 50, 1))
        print(
            f"{len(triples):6}  {len(reasoner.infer(stated)):8}  {rules:10.2f} ms  {on_sets:8.2f} ms"
            f"  {on_graphs:6.2f} ms  {by_owlrl:6.0f} ms  {by_owlrl / rules:5.0f}x"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
