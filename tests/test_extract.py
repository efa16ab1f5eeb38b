"""The reader on texts in our own words: golden graphs, and tables of what each construction gives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SKOS, XSD
from rdflib.namespace import DCTERMS

from kg.extract import RuleExtractor
from kg.extract.explain import explain
from kg.extract.text.blocks import divide
from kg.graph import Provenance, build
from kg.lexicon import Lexicon
from kg.model import Claim, Document, Fact, Statement
from kg.terms import KG, OA
from tests.reading import value_of

PREFIXES = {"kg": KG, "oa": OA, "dcterms": DCTERMS, "rdf": RDF, "skos": SKOS, "xsd": XSD}
TEXTS = sorted((Path(__file__).parent / "extract").glob("*/*.txt"))
CALL = "President Trump and President Xi Jinping spoke by phone on March 7. "


def _document(path: Path) -> Document:
    header, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    kind, published, publisher, title = (field.strip() or None for field in header.split("|"))
    return Document(path.stem, body, kind or "Article", title, None, publisher, published)


def _read(text: str, lexicon: Lexicon, kind: str = "Article", **fields: str) -> list[Statement]:
    document = Document("text", text, kind, published="2025-03-10", **fields)  # type: ignore[arg-type]
    return list(RuleExtractor().extract(document, lexicon))


def _values(statements: list[Statement], predicate: str) -> set[str]:
    return {value_of(s) for s in statements if isinstance(s, Fact) and s.predicate == predicate}


def _claims(statements: list[Statement]) -> list[tuple[str, list[str], str]]:
    return [
        (s.kind, [(c.iri or c.label).rsplit("/", 1)[-1] for c in s.claimants], s.content)
        for s in statements
        if isinstance(s, Claim)
    ]


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_golden_text_gives_its_graph(path: Path, lexicon: Lexicon) -> None:
    document = _document(path)
    statements = RuleExtractor().extract(document, lexicon)
    graph = build(document, statements, Provenance("rules", "1", "0"))
    for name in ("inputDigest", "digest", "body"):
        graph.remove((None, next(p for p in graph.predicates() if str(p).endswith(f"#{name}")), None))
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    turtle = graph.serialize(format="longturtle")
    golden = path.with_suffix(".ttl")
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(turtle, encoding="utf-8")
    assert turtle == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [p for p in TEXTS if p.parent.name == "nothing"], ids=lambda p: p.stem)
def test_text_without_exchange_yields_nothing(path: Path, lexicon: Lexicon) -> None:
    statements = list(RuleExtractor().extract(_document(path), lexicon))
    assert [s for s in statements if isinstance(s, Fact)] == []


@pytest.mark.parametrize(
    ("sentence", "discussed", "excluded"),
    [
        ("They discussed Taiwan.", {"taiwan"}, set()),
        ("Taiwan was not discussed.", set(), {"taiwan"}),
        ("Taiwan wasn’t raised.", set(), {"taiwan"}),
        ("Nothing was discussed concerning Taiwan.", set(), {"taiwan"}),
        ("Neither leader mentioned Taiwan.", set(), {"taiwan"}),
        ("The two leaders did not discuss Taiwan or Iran.", set(), {"taiwan", "iran"}),
        ("President Trump denied that Taiwan was discussed.", set(), {"taiwan"}),
        ("Taiwan never came up.", set(), {"taiwan"}),
        ("Nothing was said about Taiwan.", set(), {"taiwan"}),
        ("Iran was not discussed, and neither was Taiwan.", set(), {"iran", "taiwan"}),
        ("They did not talk in any depth about Taiwan.", set(), set()),
        ("President Xi has not been shy about raising Taiwan.", set(), set()),
        ("They will not discuss Taiwan next week.", set(), set()),
        ("Nobody should consider human rights a closed matter.", set(), set()),
        ("They feared for the region, not to mention Taiwan.", set(), set()),
        ("You said you didn't talk about Taiwan?", set(), set()),
        ("The two leaders made no mention of Taiwan.", set(), {"taiwan"}),
        ("The two leaders avoided the subject of Taiwan.", set(), {"taiwan"}),
        ("Not discussed were Taiwan and Iran.", set(), {"taiwan", "iran"}),
        ("They discussed soybeans but not Taiwan.", {"soybeans"}, {"taiwan"}),
        ("They discussed everything except Taiwan.", set(), {"taiwan"}),
        ("They failed to discuss Taiwan.", set(), {"taiwan"}),
        ("Neither side brought up Taiwan.", set(), {"taiwan"}),
        ("Soybeans, not Taiwan, dominated the call.", {"soybeans"}, {"taiwan"}),
        (
            "They covered a range of topics, including soybeans, with no discussion of Taiwan.",
            {"soybeans"},
            {"taiwan"},
        ),
        ("There was no mention of Taiwan, but they discussed soybeans.", {"soybeans"}, {"taiwan"}),
        ("President Trump spoke to reporters about Taiwan.", set(), set()),
        ("It is unclear whether Taiwan was discussed.", set(), set()),
        ("Taiwan should be discussed.", set(), set()),
        ("The two leaders will discuss Taiwan.", set(), set()),
        ("If Taiwan is discussed, markets may fall.", set(), set()),
    ],
)
def test_polarity_of_a_topic(
    sentence: str, discussed: set[str], excluded: set[str], lexicon: Lexicon
) -> None:
    statements = _read(CALL + sentence, lexicon)
    found = _values(statements, "discussedTopic") | _values(statements, "mainTopic")
    assert (found, _values(statements, "excludedTopic")) == (discussed, excluded)


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("President Trump met with President Xi Jinping in Busan on Friday.", "Meeting", "Occurred"),
        ("President Trump will meet President Xi Jinping in Busan next month.", "Meeting", "Planned"),
        ("President Trump plans to meet President Xi Jinping in Busan.", "Meeting", "Planned"),
        ("President Trump hopes to meet President Xi Jinping in Busan.", "Meeting", "Proposed"),
        ("President Trump cancelled a meeting with President Xi Jinping.", "Meeting", "Cancelled"),
        ("Secretary Rubio will travel to China in April.", "Visit", "Planned"),
        ("President Trump had been due to meet President Xi Jinping on Friday.", "Meeting", "Cancelled"),
    ],
)
def test_status_of_an_event(text: str, kind: str, status: str, lexicon: Lexicon) -> None:
    statements = _read(text, lexicon)
    assert (_values(statements, "type"), _values(statements, "status")) == ({kind}, {status})


@pytest.mark.parametrize(
    "text",
    [
        "President Trump did not meet President Xi Jinping.",
        "It is unclear whether President Trump met President Xi Jinping.",
        "President Trump denied that he had met President Xi Jinping.",
        "The United States should reach an agreement with China.",
        "President Trump met with Prime Minister Shigeru Ishiba in Tokyo.",
        "Wang Yi told Secretary Rubio that the two sides should meet each other halfway.",
        "The United States and China will support each other in hosting the G20 summit.",
        "Wang Yi said that the United States should lift its sanctions on Chinese companies.",
    ],
)
def test_no_event_of_a_denial_doubt_demand_or_third_party(text: str, lexicon: Lexicon) -> None:
    assert _values(_read(text, lexicon), "type") == set()


@pytest.mark.parametrize(
    ("text", "kind", "claimants"),
    [
        ("Wang Yi said that the talks were under way.", "Assertion", ["wang-yi"]),
        ("The talks were under way, Wang Yi said.", "Assertion", ["wang-yi"]),
        ("According to Wang Yi, the talks were under way.", "Assertion", ["wang-yi"]),
        ("Wang Yi said the United States should lift its sanctions.", "Demand", ["wang-yi"]),
        ("Wang Yi urged the United States to lift its sanctions.", "Demand", ["wang-yi"]),
        ("Wang Yi warned that the step would harm relations.", "Warning", ["wang-yi"]),
        ("Wang Yi said that China will keep its word.", "Commitment", ["wang-yi"]),
        (
            "The United States and China agreed to hold talks on fentanyl.",
            "Commitment",
            ["united-states", "china"],
        ),
        ("Analysts said that the talks with China brought little.", "Assessment", ["analysts"]),
        ("Analysts said that the shortage in China could stop factories.", "Prediction", ["analysts"]),
        ("Chinese officials said that the talks were under way.", "Assertion", ["china"]),
        ("Wang Yi did not agree to hold talks on fentanyl.", "Commitment", ["wang-yi"]),
        ("Xinhua quoted Wang Yi as saying that the talks were under way.", "Assertion", ["wang-yi"]),
        ("Wang Yi's warning that the step would harm relations was noted.", "Warning", ["wang-yi"]),
        ("Wang Yi accused Washington of abusing export controls.", "Assertion", ["wang-yi"]),
        ("President Trump described the talks as very productive.", "Assessment", ["donald-trump"]),
    ],
)
def test_claim_has_type_and_claimant(text: str, kind: str, claimants: list[str], lexicon: Lexicon) -> None:
    assert [(k, sorted(who)) for k, who, _ in _claims(_read(text, lexicon))] == [(kind, sorted(claimants))]


def test_sentence_of_endless_length_is_left_out(lexicon: Lexicon) -> None:
    assert _read("President Trump met President Xi Jinping and " * 400, lexicon) == []


def test_tariffs_of_both_sides_are_two_actions(lexicon: Lexicon) -> None:
    text = "The United States raised tariffs on Chinese goods. China raised tariffs on American goods."
    statements = _read(text, lexicon)
    pairs = [(s.predicate, value_of(s)) for s in statements if isinstance(s, Fact)]
    assert sorted(p for p in pairs if p[0] in ("imposedBy", "target")) == [
        ("imposedBy", "china"), ("imposedBy", "united-states"),
        ("target", "china"), ("target", "united-states"),
    ]  # fmt: skip


def test_denied_commitment_is_negated(lexicon: Lexicon) -> None:
    statements = _read("Wang Yi did not agree to hold talks on fentanyl.", lexicon)
    assert [s.polarity for s in statements if isinstance(s, Claim)] == ["Negated"]


def test_outlet_between_claimant_and_document_is_the_relay(lexicon: Lexicon) -> None:
    statements = _read("Xinhua reported that Wang Yi said that the talks were under way.", lexicon)
    relays = [s.relayed_by.label for s in statements if isinstance(s, Claim) and s.relayed_by]
    assert relays == ["Xinhua"]


def test_demands_on_different_topics_are_two_claims(lexicon: Lexicon) -> None:
    text = "Wang Yi said that the United States should lift its sanctions and respect human rights."
    assert len(_claims(_read(text, lexicon))) == 2


def test_surname_means_the_person_whom_the_document_names(lexicon: Lexicon) -> None:
    text = "Wang Wentao met Secretary Lutnick on Friday. Wang said that tariffs hurt both sides."
    assert [who for _, who, _ in _claims(_read(text, lexicon))] == [["wang-wentao"]]


def test_vice_premier_he_is_no_pronoun(lexicon: Lexicon) -> None:
    text = (
        "Secretary Bessent met Vice Premier He in Paris. Vice Premier He said that tariffs hurt both sides."
    )
    assert [who for _, who, _ in _claims(_read(text, lexicon))] == [["he-lifeng"]]


def test_mirrored_statement_is_found_in_an_extract(lexicon: Lexicon) -> None:
    explanation = explain("Secretary Rubio visited China.", lexicon, published="2025-03-10")
    assert "visit.verb" in {rule.id for rule, _ in explanation.fired}
    assert "visit.verb" not in {miss.rule.id for miss in explanation.almost}


def test_same_input_gives_the_same_statements_in_any_hash_seed() -> None:
    program = (
        "from kg.extract import RuleExtractor\nfrom kg.lexicon import Lexicon\nfrom kg.model import Document\n"
        f"text = {CALL!r} + 'They discussed Taiwan and Iran. Analysts said that it was late.'\n"
        "document = Document('text', text, published='2025-03-10')\n"
        "print(list(RuleExtractor().extract(document, Lexicon.load())))"
    )
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env=environment
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1


def test_batch_gives_what_single_documents_give(lexicon: Lexicon) -> None:
    documents = [_document(path) for path in TEXTS]
    together = [statements for _, statements in RuleExtractor().extract_many(documents, lexicon)]
    assert together == [list(RuleExtractor().extract(document, lexicon)) for document in documents]


@pytest.mark.parametrize("text", ["", " \n ", "\n\n\n", "。", "-", "A:", "Q: \n\nA: "])
def test_text_without_words_yields_nothing(text: str, lexicon: Lexicon) -> None:
    assert _read(text, lexicon) == []


@given(st.text())
def test_blocks_lie_in_order_inside_the_text(text: str) -> None:
    spans = [(block.start, block.end) for block in divide(text, None)]
    assert spans == sorted(spans)
    assert all(0 <= start <= end <= len(text) for start, end in spans)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.sampled_from([CALL, "“They discussed Taiwan,” he said.", "Wang Yi’s visit — 习近平.\n\n"]))
)
def test_every_passage_stands_in_the_body(parts: list[str]) -> None:
    body = " ".join(parts)
    for statement in RuleExtractor().extract(Document("text", body, published="2025-03-10"), Lexicon.load()):
        assert all(body[p.start : p.end] == p.exact for p in statement.evidence)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("The US imposed duties on Chinese steel on May 2, 2024.", {"tariffs"}),
        ("China imposed sanctions on US companies on May 2, 2024.", {"sanctions"}),
        ("Trade talks between the US and China took place in Geneva on May 2, 2024.", {"trade"}),
    ],
)
def test_class_of_an_event_gives_its_topic(text: str, topics: set[str], lexicon: Lexicon) -> None:
    assert topics == _values(_read(text, lexicon), "discussedTopic")
