"""Each row of “Where to touch” is followed in a copy of the sources: the files that it names are enough."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("kg", "ontology", "shapes", "queries", "tests/shapes/visit", "tests/stores")
NAMES = "https://w3id.org/uschina-kg/id/"
ALIASES = {"people": "person/xi-jinping", "organizations": "organization/huawei", "places": "place/beijing",
           "countries": "country/china", "offices": "office/minister-of-foreign-affairs-of-china",
           "topics": "topic/taiwan"}  # fmt: skip


class Copy:
    """The sources in a folder where they can be changed; notes what was touched."""

    def __init__(self, root: Path) -> None:
        self.root, self.touched = root, set[str]()

    def add(self, path: str, text: str) -> None:
        """Write a new file, or more at the end of one."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(text)
        self.touched.add(path)

    def insert(self, path: str, after: str, text: str) -> None:
        """Put text behind what stands in a file once."""
        before = (self.root / path).read_text(encoding="utf-8")
        assert before.count(after) == 1, (path, after)
        (self.root / path).write_text(before.replace(after, after + text), encoding="utf-8")
        self.touched.add(path)


def name(it: Copy) -> None:
    for file, iri in ALIASES.items():
        alias = f'<{NAMES}{iri}> <http://www.w3.org/2004/02/skos/core#altLabel> "Winterblue {file}"@en .\n'
        it.add(f"ontology/{file}.ttl", alias)


def rule(it: Copy) -> None:
    it.add(
        "kg/extract/rules/huddles.yaml",
        "events:\n  - id: meeting.huddle\n    event: Meeting\n    nouns: [huddle]\n"
        "    roles: {participant: [subject, with, between]}\n"
        '    examples: ["President Biden held a huddle with President Xi Jinping on Friday."]\n',
    )


def class_(it: Copy) -> None:
    it.add(
        "ontology/kg.ttl",
        '\nkg:Stopover\n    a owl:Class ;\n    rdfs:subClassOf kg:Visit ;\n    rdfs:label "stopover"@en , "过境"@zh ;\n'
        '    skos:definition "Visit on the way to another place."@en ;\n    skos:example "A night in Honolulu."@en ;\n'
        "    rdfs:isDefinedBy <https://w3id.org/uschina-kg/ontology> .\n",
    )
    it.insert("kg/terms.py", "\n    Visit: URIRef\n", "    Stopover: URIRef\n")
    shape = (ROOT / "shapes" / "visit.ttl").read_text(encoding="utf-8")
    it.add("shapes/stopover.ttl", shape.replace("Visit", "Stopover").replace("sh:Warning", "sh:Violation"))
    valid = (ROOT / "tests" / "shapes" / "visit" / "valid.ttl").read_text(encoding="utf-8")
    it.add("tests/shapes/stopover/valid.ttl", valid.replace("kg:Visit", "kg:Stopover"))
    invalid = valid.replace("kg:Visit", "kg:Stopover").replace(
        "    kg:status kg:Planned ;", "    kg:status kg:Planned ;\n    kg:medium kg:Video ;"
    )
    it.add("tests/shapes/stopover/invalid-medium.ttl", invalid)


def question(it: Copy) -> None:
    it.add(
        "queries/place-count.rq",
        "#+ title: Places\n#+ description: How many places are known.\n#+ phrasings:\n#+   - how many places are known\n"
        "#+ columns:\n#+   places: How many.\n\nPREFIX kg: <https://w3id.org/uschina-kg/ontology#>\n\n"
        "SELECT (COUNT(?place) AS ?places) WHERE { ?place a kg:Place }\n",
    )
    it.add("tests/queries/place-count/cases.yaml", "answered:\n  all: {}\n")
    it.add("tests/queries/place-count/all.csv", "places\n")


def page(it: Copy) -> None:
    it.add(
        "kg/web/pages/colophon.py",
        '"""What these pages are made with."""\n\nfrom fastapi import Request\nfrom fastapi.responses import Response\n\n'
        "from kg.web.html.problem_pages import page_router\nfrom kg.web.html.render import page\n\n"
        'router = page_router()\n\n\n@router.get("/colophon")\ndef colophon(request: Request) -> Response:\n'
        '    return page(request, "colophon.html", title="Colophon")\n',
    )
    it.add(
        "kg/web/templates/colophon.html",
        '{% extends "base.html" %}\n{% block main %}<h1>Made with care</h1>{% endblock %}\n',
    )
    it.insert(
        "kg/web/pages/__init__.py", "    ask,\n    documents,\n    events,\n    graph,", "\n    colophon,"
    )
    it.insert("kg/web/pages/__init__.py", "\n    try_text,\n    api_reference,\n", "    colophon,\n")


def input_format(it: Copy) -> None:
    it.insert(
        "kg/read/formats.py",
        "\nFORMATS: Mapping[str, Reader] = MappingProxyType(\n    {",
        '\n    ".memo": _text,',
    )


def dump_format(it: Copy) -> None:
    it.insert(
        "kg/dump/formats.py", "\nFORMATS: dict[str, TripleFormat | GraphFormat] = {",
        '\n    "lines": TripleFormat("lines", "text/x-lines", iter),',
    )  # fmt: skip


def language(it: Copy) -> None:
    it.insert(
        "kg/language.py",
        "_SMALL_WORDS = {",
        '\n    "sv": "och att det som en på är av för med till den har de inte om ett",',
    )
    it.insert(
        "kg/extract/__init__.py",
        'READERS = {"en": "kg.extract.english:read_english"',
        ', "sv": "kg.extract.swedish:read"',
    )
    it.add(
        "kg/extract/swedish.py",
        "from kg.extract import Extraction\nfrom kg.report import ReadingReport\n\n\n"
        "def read(documents, lexicon):\n    for document in documents:\n"
        '        report = ReadingReport.of(document)\n        report.note("read", None, "by the reader of Swedish")\n'
        "        yield Extraction(document, [], report)\n",
    )


def engine(it: Copy) -> None:
    it.insert(
        "kg/store/dialects.py", "\n\nDIALECTS: Mapping[str, type[Dialect]] = {", '\n    "qlever": Dialect,'
    )
    it.insert("kg/settings.py", '["auto", "standard", "oxigraph", "fuseki", "virtuoso"', ', "qlever"')
    it.insert(
        "tests/stores/engines.py", 'SERVERS = {"oxigraph": oxigraph_server', ', "qlever": oxigraph_server'
    )


CHANGES: dict[str, Callable[[Copy], None]] = {
    "name or alias": name, "rule": rule, "class": class_, "question": question, "page": page,
    "input format": input_format, "dump format": dump_format, "language": language, "engine": engine,
}  # fmt: skip
FOLLOWED = """
import json, sys
from pathlib import Path
from fastapi.testclient import TestClient
from rdflib import Graph
from kg import dump, queries, read
from kg.extract import RuleExtractor, read_many
from kg.extract.explain import explain
from kg.lexicon import Lexicon
from kg.settings import Settings
from kg.store import open_store
from kg.store.dialects import DIALECTS
from kg.terms import KG
from kg.ingest import Pipeline, put_ontology
from kg.web import create_app
from tests.stores.engines import SERVERS

files = sys.argv[1:]
lexicon, pipeline = Lexicon.load(), Pipeline()
swedish = "Det är en text som inte har något med det att göra, och den är på svenska för att det är så."
memo = next(read.read_bytes(swedish.encode(), "a.memo", max_bytes=1000))
[extraction] = read_many(RuleExtractor(), [memo], lexicon)
examples = {path.stem: path.read_bytes() for path in Path("tests/shapes/stopover").iterdir()}
with open_store("memory:", write=True) as store:
    put_ontology(store, pipeline)
    places = [*store.select(queries.catalogue()["place-count"].bind({})).texts()]
    lines = b"".join(dump.dump(store, "lines"))
    with TestClient(create_app(store, options=Settings(store="memory:", log_format="off"))) as client:
        shown = client.get("/colophon", headers={"accept": "text/html"}).text
print(json.dumps({
    "name or alias": all(lexicon.lookup(f"Winterblue {file}") for file in files),
    "rule": "meeting.huddle" in {it.id for it, _ in explain("Trump held a huddle with Xi on Friday.", lexicon).fired},
    "class": str(KG.Stopover).endswith("Stopover") and {
        name: pipeline.validator.validate(Graph().parse(data=text, format="turtle")).conforms
        for name, text in examples.items()
    } == {"valid": True, "invalid-medium": False},
    "question": int(places[0][0]) > 10,
    "page": "Made with care" in shown,
    "input format": memo.body == swedish,
    "dump format": lines.count(b"\\n") > 1000,
    "language": "by the reader of Swedish" in " ".join(extraction.report.lines()),
    "engine": Settings(store_dialect="qlever").store_dialect in DIALECTS.keys() & SERVERS.keys(),
}))
"""


def listed() -> dict[str, list[str]]:
    """The paths that the page names for each change."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("## Where to touch")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!for a new|--)([\w ]+) \| (.*) \|$", table, re.MULTILINE)
    return {change: re.findall(r"`((?:\w+/)[\w./-]*)`", cell) for change, cell in rows}


@pytest.fixture(scope="module")
def touched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Which files each change touched, all of which took effect."""
    root = tmp_path_factory.mktemp("copy")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    made = {}
    for change, follow in CHANGES.items():
        follow(copy := Copy(root))
        made[change] = copy.touched
    environment = {**os.environ, "PYTHONPATH": str(root), "XDG_CACHE_HOME": str(root / "cache")}
    done = subprocess.run([sys.executable, "-c", FOLLOWED, *ALIASES], cwd=root, env=environment,
                          capture_output=True, text=True, timeout=300, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert dict.fromkeys(CHANGES, True) == json.loads(done.stdout)
    return made


def test_page_has_a_row_for_each_change() -> None:
    assert set(listed()) == set(CHANGES)


@pytest.mark.parametrize("change", CHANGES)
def test_files_of_the_page_are_those_that_a_change_touches(touched: dict[str, set[str]], change: str) -> None:
    places = listed()[change]
    assert not {path for path in touched[change] if not any(path.startswith(it) for it in places)}
    assert not {it for it in places if not any(path.startswith(it) for path in touched[change])}
