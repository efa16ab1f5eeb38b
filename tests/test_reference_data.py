"""The reference data in `ontology/` are complete, consistent and cite only verified identifiers."""

from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef

from kg.resources import files, text
from kg.terms import ID, KG

WIKIDATA = "http://www.wikidata.org/entity/"
SCHEME = ID["scheme/topics"]
PERSON, GOVERNED = (KG.Person, KG.Leader, KG.Official), (KG.Government, KG.Organization, KG.MediaOutlet)
KINDS = {
    "country": (KG.Country,),
    "office": (KG.Office,),
    "organization": (*GOVERNED, KG.ThinkTank, KG.Company),
    "person": PERSON,
    "place": (KG.Place,),
    "policy": (KG.Policy,),
    "tenure": (KG.Tenure,),
    "topic": (KG.Topic,),
}
NAMED = sorted(set(KINDS) - {"tenure"})

# Identifiers whose label and number stand together in several independent public sources.
SAME_AS = {
    "person/donald-trump": "Q22686",
    "person/xi-jinping": "Q15031",
    "person/joe-biden": "Q6279",
    "person/barack-obama": "Q76",
    "person/scott-bessent": "Q7435987",
    "person/marco-rubio": "Q324546",
    "country/united-states": "Q30",
    "country/china": "Q148",
    "country/taiwan": "Q865",
    "country/russia": "Q159",
    "country/iran": "Q794",
    "country/ukraine": "Q212",
    "organization/xinhua": "Q204839",
    "organization/white-house": "Q35525",
    "organization/us-state-department": "Q789915",
    "organization/tiktok": "Q48938223",
    "organization/huawei": "Q160120",
    "organization/nvidia": "Q182477",
}
MATCHES = {"topic/russia-ukraine-war": "Q15860072", "topic/counternarcotics": "Q407541"}


@cache
def ontology() -> Graph:
    return parsed("kg.ttl")


@cache
def reference() -> Graph:
    """Everything in `ontology/` that is neither the ontology itself nor its alignments."""
    names = [path.name for path in files("ontology", ".ttl")]
    return parsed(*(name for name in names if name not in {"kg.ttl", "alignments.ttl"}))


def parsed(*names: str) -> Graph:
    graph = Graph()
    for path in files("ontology", ".ttl"):
        if path.name in names:
            graph.parse(data=text(path), format="turtle")
    return graph


def entities(kind: str) -> list[URIRef]:
    """The subjects of `id/KIND/`, sorted."""
    return sorted(
        {s for s in reference().subjects() if isinstance(s, URIRef) and s.startswith(ID[f"{kind}/"])}
    )


def slug(iri: object) -> str:
    return str(iri).removeprefix(str(ID))


def labels(entity: URIRef, language: str) -> list[str]:
    found = reference().objects(entity, SKOS.prefLabel)
    return [str(label) for label in found if isinstance(label, Literal) and label.language == language]


def bounds(tenure: URIRef) -> tuple[str, str]:
    """Start and end as written; an open end lies after every date."""
    start, end = reference().value(tenure, KG.startDate), reference().value(tenure, KG.endDate)
    return str(start), "9999" if end is None else str(end)


def is_later(date: str, other: str) -> bool:
    """Whether `date` lies after `other`, as far as the coarser of the two tells."""
    length = min(len(date), len(other))
    return date[:length] > other[:length]


def tenures_of(office: str) -> list[URIRef]:
    return sorted(reference().subjects(KG.office, ID[f"office/{office}"]), key=bounds)


def months(first: int, last: int) -> list[str]:
    return [f"{year}-{month:02}" for year in range(first, last + 1) for month in range(1, 13)]


def ancestors(topic: URIRef) -> list[URIRef]:
    """The chain of broader topics up to a root; raises if it comes back to itself."""
    chain = [topic]
    while (broader := reference().value(chain[-1], SKOS.broader, any=False)) is not None:
        assert broader not in chain, f"{slug(topic)} is broader than itself"
        chain.append(URIRef(broader))
    return chain


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_entity_has_the_class_of_its_kind(kind: str) -> None:
    stray = [slug(e) for e in entities(kind) if reference().value(e, RDF.type, any=False) not in KINDS[kind]]
    assert entities(kind)
    assert stray == []


def test_every_subject_has_a_known_kind() -> None:
    kinds = {slug(subject).split("/")[0] for subject in reference().subjects()}
    assert kinds == {*KINDS, "scheme"}


@pytest.mark.parametrize("kind", NAMED)
def test_every_entity_has_one_english_and_one_chinese_name(kind: str) -> None:
    counts = {slug(e): (len(labels(e, "en")), len(labels(e, "zh"))) for e in entities(kind)}
    assert {name: count for name, count in counts.items() if count != (1, 1)} == {}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", NAMED)
def test_no_two_entities_of_a_kind_share_a_name(kind: str, language: str) -> None:
    counts = Counter(label for entity in entities(kind) for label in labels(entity, language))
    assert [label for label, count in counts.items() if count > 1] == []


def test_no_other_name_repeats_the_name() -> None:
    repeated = [
        (slug(entity), str(name))
        for entity, name in reference().subject_objects(SKOS.prefLabel)
        for other in (SKOS.altLabel, SKOS.hiddenLabel)
        if (entity, other, name) in reference()
    ]
    assert repeated == []


def test_labels_carry_a_language_and_no_stray_space() -> None:
    found = [
        o for p in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel) for o in reference().objects(None, p)
    ]
    assert [n for n in found if n.language not in {"en", "zh"} or str(n) != " ".join(str(n).split())] == []


def test_slugs_are_ascii_kebab_case() -> None:
    last = {slug(subject).split("/")[1] for subject in reference().subjects()}
    plain = set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert [name for name in sorted(last) if set(name) - plain or "--" in name] == []


def test_every_topic_is_in_the_scheme_and_has_a_definition() -> None:
    topics = entities("topic") + entities("policy")
    assert [slug(t) for t in topics if (t, SKOS.inScheme, SCHEME) not in reference()] == []
    assert [slug(t) for t in topics if reference().value(t, SKOS.definition) is None] == []


def test_every_topic_reaches_a_top_concept() -> None:
    roots = set(reference().subjects(SKOS.topConceptOf, SCHEME))
    topics = entities("topic") + entities("policy")
    assert [slug(t) for t in topics if ancestors(t)[-1] not in roots] == []
    assert [slug(t) for t in topics if (t in roots) == (len(ancestors(t)) > 1)] == []


def test_no_wording_leads_to_two_topics() -> None:
    topics_by_wording: dict[str, set[str]] = {}
    for topic in entities("topic") + entities("policy"):
        for kind in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
            for wording in reference().objects(topic, kind):
                key = str(wording).lower().replace("-", " ").replace("–", " ")
                topics_by_wording.setdefault(key, set()).add(slug(topic))
    assert {w: sorted(t) for w, t in topics_by_wording.items() if len(t) > 1} == {}


@pytest.mark.parametrize("wording", ["One-China policy", "One-China principle"])
def test_both_sides_names_lead_to_the_one_china_policy(wording: str) -> None:
    name = Literal(wording, "en")
    policy = ID["policy/one-china-policy"]
    assert {(policy, SKOS.prefLabel, name), (policy, SKOS.altLabel, name)} & set(reference())


def test_every_tenure_names_a_known_holder_and_office() -> None:
    people, offices = set(entities("person")), set(entities("office"))
    tenures = entities("tenure")
    assert [slug(t) for t in tenures if reference().value(t, KG.holder, any=False) not in people] == []
    assert [slug(t) for t in tenures if reference().value(t, KG.office, any=False) not in offices] == []


def test_every_tenure_is_named_after_holder_office_and_year() -> None:
    named = {
        t: "-".join(
            [
                *(slug(reference().value(t, p)).split("/")[1] for p in (KG.holder, KG.office)),
                str(reference().value(t, KG.startDate))[:4],
            ]
        )
        for t in entities("tenure")
    }
    assert [slug(t) for t, name in named.items() if t != ID[f"tenure/{name}"]] == []


def test_every_tenure_ends_after_it_starts() -> None:
    ends = {t: bounds(t) for t in entities("tenure")}
    assert [slug(t) for t, (start, end) in ends.items() if start == end or is_later(start, end)] == []


def test_dates_have_the_datatype_of_their_precision() -> None:
    precision = {"date": 10, "gYearMonth": 7, "gYear": 4}
    dates = [d for p in (KG.startDate, KG.endDate) for d in reference().objects(None, p)]
    assert [d for d in dates if len(d) != precision[str(d.datatype).split("#")[1]]] == []


def test_every_office_belongs_to_a_known_agent() -> None:
    agents = {*entities("organization"), *entities("country")}
    owners = {o: reference().value(o, KG.officeOf, any=False) for o in entities("office")}
    assert [slug(o) for o, owner in owners.items() if owner not in agents] == []


def test_one_president_of_the_united_states_at_a_time() -> None:
    tenures = [bounds(tenure) for tenure in tenures_of("president-of-the-united-states")]
    held = {m: sum(start <= f"{m}-15" <= end for start, end in tenures) for m in months(1972, 2026)}
    assert {month: count for month, count in held.items() if count != 1} == {}


@pytest.mark.parametrize(
    "office",
    [
        "premier-of-china", "president-of-china", "general-secretary-of-the-ccp",
        "minister-of-foreign-affairs-of-china", "minister-of-commerce-of-china",
        "us-secretary-of-state", "us-secretary-of-the-treasury", "us-national-security-advisor",
        "us-secretary-of-defense", "us-secretary-of-commerce",
        "us-trade-representative", "ambassador-of-china-to-the-united-states", "us-ambassador-to-china",
    ],
)  # fmt: skip
def test_an_office_of_one_is_never_held_by_two(office: str) -> None:
    tenures = tenures_of(office)
    assert tenures
    both = [(slug(a), slug(b)) for a, b in pairwise(tenures) if is_later(bounds(a)[1], bounds(b)[0])]
    assert both == []


def test_what_is_represented_is_a_country() -> None:
    countries = set(entities("country"))
    assert [slug(o) for o in reference().objects(None, KG.represents) if o not in countries] == []
    assert [slug(c) for c in countries if (c, KG.represents, c) not in reference()] == []


def test_private_organizations_represent_nobody() -> None:
    private = [s for kind in (KG.ThinkTank, KG.Company) for s in reference().subjects(RDF.type, kind)]
    media = ["us-media", "associated-press", "new-york-times", "reuters", "south-china-morning-post"]
    silent = [*private, *(ID[f"organization/{name}"] for name in media)]
    assert [slug(s) for s in silent if (s, KG.represents, None) in reference()] == []


@pytest.mark.parametrize("outlet", ["chinese-state-media", "xinhua", "peoples-daily", "global-times", "cctv"])
def test_state_media_speak_for_their_country(outlet: str) -> None:
    assert (ID[f"organization/{outlet}"], KG.represents, ID["country/china"]) in reference()


def test_governments_represent_a_country() -> None:
    bodies = reference().subjects(RDF.type, KG.Government)
    assert [slug(b) for b in bodies if (b, KG.represents, None) not in reference()] == []


def test_only_verified_identifiers_are_linked() -> None:
    linked = {slug(s): str(o) for s, o in reference().subject_objects(OWL.sameAs)}
    matched = {
        slug(s): str(o)
        for p in (SKOS.closeMatch, SKOS.relatedMatch)
        for s, o in reference().subject_objects(p)
    }
    assert linked == {name: WIKIDATA + number for name, number in SAME_AS.items()}
    assert matched == {name: WIKIDATA + number for name, number in MATCHES.items()}


def test_every_object_of_ours_is_described() -> None:
    known = set(reference().subjects())
    ours = {o for o in reference().objects() if isinstance(o, URIRef) and o.startswith(str(ID))}
    assert sorted(slug(o) for o in ours - known) == []


def test_reference_data_have_no_blank_nodes() -> None:
    assert [term for triple in reference() for term in triple if isinstance(term, BNode)] == []


@pytest.mark.parametrize("name", [path.name for path in files("ontology", ".ttl") if path.name != "kg.ttl"])
def test_terms_of_ours_exist_in_the_ontology(name: str) -> None:
    namespace = str(KG.Agent).removesuffix("Agent")
    used = {term for triple in parsed(name) for term in triple if str(term).startswith(namespace)}
    assert sorted(str(term) for term in used - set(ontology().subjects())) == []


def test_alignments_only_link() -> None:
    """A definition, label or foreign domain here would be a copy of somebody else's vocabulary."""
    links = {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, RDF.type}
    assert set(parsed("alignments.ttl").predicates()) == links


def test_only_the_transitive_super_property_of_broader_is_transitive() -> None:
    alignments = parsed("alignments.ttl")
    assert (SKOS.broader, RDFS.subPropertyOf, SKOS.broaderTransitive) in alignments
    assert list(alignments.subjects(RDF.type, OWL.TransitiveProperty)) == [SKOS.broaderTransitive]


# The datatype map of OWL 2, of which xsd:date, xsd:gYear, xsd:gYearMonth and xsd:duration are no part.
OWL_DATATYPES = {
    XSD[name]
    for name in ("string", "boolean", "decimal", "integer", "nonNegativeInteger", "double", "float", "dateTime",
                 "dateTimeStamp", "anyURI", "hexBinary", "base64Binary", "language", "token")
} | {RDF.PlainLiteral, RDFS.Literal}  # fmt: skip


def test_axioms_name_the_datatypes_of_owl_alone() -> None:
    ranges = {kind for kind in ontology().objects(None, RDFS.range) if str(kind).startswith(str(XSD))}
    assert ranges <= OWL_DATATYPES


def test_every_class_below_none_excludes_the_others() -> None:
    """Of two things that have nothing in common, the ontology says so, and the reference data keep to it."""
    whole = ontology() + reference()
    tops = {
        kind
        for kind in ontology().subjects(RDF.type, OWL.Class)
        if not any(str(up).startswith(KG._NS) for up in ontology().objects(kind, RDFS.subClassOf))
    }
    groups = [set(whole.items(head)) for head in ontology().objects(None, OWL.members)]
    assert tops in groups
    for entity in set(reference().subjects(RDF.type)):
        kinds = {
            up
            for kind in whole.objects(entity, RDF.type)
            for up in whole.transitive_objects(kind, RDFS.subClassOf)
        }
        assert all(len(group & kinds) <= 1 for group in groups), entity
