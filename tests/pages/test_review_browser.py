"""Reviewing in a real browser by the keyboard alone, with scripts and without; and two people at once."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from kg.review.reviewers import Reviewers
from kg.terms import BASE, KG
from tests.conftest import copied

from .conftest import DOCUMENTS, served

READOUT = "2023-11-17-washington-readout"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
_TABS = 150  # that lead to any control of a page


@dataclass
class Site:
    """A server that takes reviews."""

    address: str
    secrets: dict[str, str]

    def get(self, path: str, **parameters: str) -> dict[str, object]:
        with urlopen(f"{self.address}{path}?{urlencode(parameters)}") as answer:
            found: dict[str, object] = json.load(answer)
        return found

    def reviews(self) -> list[dict[str, object]]:
        """Those that stand, the latest first."""
        return self.get("/api/v1/reviews")["items"]  # type: ignore[return-value]  # a list

    def undo_all(self) -> None:
        for it in self.reviews():
            name = str(it["reviewer"])
            headers = {"authorization": f"Bearer {name}:{self.secrets[name]}"}
            urlopen(Request(f"{self.address}/api/v1/reviews/{it['id']}", headers=headers, method="DELETE"))

    def statement(self, pattern: str) -> str:
        """The path of the first statement of a pattern."""
        query = (
            "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
            f"SELECT ?it WHERE {{ ?it {pattern} }} ORDER BY ?it LIMIT 1"
        )
        found = self.get("/sparql", query=query.replace("kg:", f"{KG}").replace("<kg>", ""))
        return str(found["results"]["bindings"][0]["it"]["value"]).removeprefix(f"{BASE}id/")  # type: ignore[index]  # SPARQL JSON


@pytest.fixture(scope="module")
def site(stored: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("reviewed")
    copied(stored(*sorted(DOCUMENTS.iterdir())), folder)
    people = folder / "reviewers.json"
    secrets = {name: Reviewers.read(people).add(name) for name in ("anna", "bob")}
    with served(f"oxigraph:{folder / 'store'}", reviewers=people) as address:
        yield Site(address, secrets)


@pytest.fixture(autouse=True)
def nothing_reviewed(site: Site) -> Iterator[None]:
    yield
    site.undo_all()


class Keyboard:
    """Somebody at a page, without a mouse."""

    def __init__(self, page: object, site: Site, *, scripts: bool) -> None:
        self.page, self.site, self.scripts = page, site, scripts

    def open(self, path: str, **parameters: str) -> None:
        self.page.goto(f"{self.site.address}{path}?{urlencode(parameters)}", wait_until="load")

    def log_in(self, name: str) -> None:
        self.open("/review")
        self.page.locator("#name:focus").wait_for()  # the page gives it the focus once it is drawn
        self.page.keyboard.type(name)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(self.site.secrets[name])
        self.enter()
        assert not self.page.locator("#secret").count()

    def go_to(self, selector: str) -> None:
        """Press Tab until the control has the focus."""
        for _ in range(_TABS):
            if self.page.locator(f":focus:is({selector})").count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {selector}")

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def key(self, key: str, selector: str) -> None:
        """Use the key of an action; without scripts, its control."""
        if self.scripts:
            with self.page.expect_navigation():
                self.page.keyboard.press(key)
        else:
            self.go_to(selector)
            self.enter()

    def type(self, field: str, text: str) -> None:
        """Write into a field."""
        self.go_to(f"#{field}")
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        if self.page.locator(f"#{field}").evaluate("it => it.tagName") == "INPUT":
            self.page.keyboard.press("Escape")  # the list of proposals
            self.go_to(f"#{field}")

    def choose(self, field: str, text: str) -> None:
        """Choose from a list by the arrows."""
        self.go_to(f"#{field}")
        self.page.keyboard.press("Home")
        for _ in range(200):
            if self.page.locator(f"#{field}").input_value() == text:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{field} offers no {text}")

    def says(self, text: str) -> bool:
        return text in self.page.content()


@pytest.fixture
def person(browser: object, site: Site) -> Callable[..., object]:
    """Somebody with a browser of his or her own, who is logged in."""

    @contextmanager
    def come(name: str = "anna", *, scripts: bool = True) -> Iterator[Keyboard]:
        context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
        it = Keyboard(context.new_page(), site, scripts=scripts)
        it.log_in(name)
        yield it
        context.close()

    return come


EXCLUSION = "rdf:predicate <kg:excludedTopic>"
CLAIM = (
    "<kg:content> ?words ; <kg:claimant> ?who ; <kg:about> ?topic ; <kg:inEvent> ?event ; "
    "<kg:polarity> <kg:Affirmed>"
)
OTHERWISE = (
    "FILTER NOT EXISTS { ?it a <kg:Warning> } "
    f"FILTER NOT EXISTS {{ ?it <kg:claimant> <{BASE}id/person/wang-yi> }}"
)
STATEMENTS = {
    "topic": "rdf:predicate <kg:discussedTopic>",
    "day": "rdf:predicate <kg:date>",
    "person": "rdf:predicate <kg:participant>",
    "place": "rdf:predicate <kg:place>",
}


@SCRIPTS
def test_statement_is_accepted_and_the_next_one_shown(
    person: Callable[..., object], site: Site, scripts: bool
) -> None:
    with person(scripts=scripts) as anna:
        anna.key("n", "a[data-first]")
        first = anna.page.url
        anna.key("a", "button[value=Accepted]")
        assert [it["verdict"] for it in site.reviews()] == ["Accepted"]
        assert anna.says("Kept.")
        assert anna.page.url != first


@SCRIPTS
def test_statement_is_rejected(person: Callable[..., object], site: Site, scripts: bool) -> None:
    with person(scripts=scripts) as anna:
        anna.open("/review/statement", iri=site.statement(EXCLUSION))
        anna.key("r", "button[value=Rejected]")
        assert [it["verdict"] for it in site.reviews()] == ["Rejected"]


CORRECTIONS = [
    ("topic", "f-value", "topic/tariffs", "value"),
    ("day", "f-value", "2023-11-14", "value"),
    ("person", "f-value", "person/wang-yi", "value"),
    ("place", "f-value", "place/beijing", "value"),
    ("topic", "f-property", "mainTopic", "property"),
    ("claim", "f-class", "Warning", "class"),
    ("claim", "f-speaker", "person/wang-yi", "speaker"),
    ("claim", "f-topics", "topic/soybeans", "topics"),
    ("claim", "f-polarity", "Negated", "polarity"),
    ("claim", "f-certainty", "Hedged", "certainty"),
    ("claim", "f-event", "", "event"),
]


@SCRIPTS
def test_each_field_is_corrected(person: Callable[..., object], site: Site, scripts: bool) -> None:
    with person(scripts=scripts) as anna:
        for kind, field, value, name in CORRECTIONS:
            pattern = STATEMENTS.get(kind, f"{CLAIM} {OTHERWISE}")
            anna.open("/review/statement", iri=site.statement(pattern))
            if scripts:
                anna.page.keyboard.press("c")  # leads to the first field
            is_list = anna.page.locator(f"select#{field}").count() == 1
            (anna.choose if is_list else anna.type)(field, value)
            anna.go_to("button[value=Corrected]")
            anna.enter()
            alert = anna.page.locator("[role=alert]")
            assert not alert.count(), (field, value, alert.inner_text())
            made = site.reviews()[0]
            assert (made["verdict"], made["instead"][name]) == ("Corrected", [value] if value else []), field
            site.undo_all()


def test_missed_statement_is_added_by_marking_its_words(person: Callable[..., object], site: Site) -> None:
    with person() as anna:
        anna.open("/review/add", document=READOUT)
        anna.go_to("textarea#body")
        anna.page.keyboard.press("ControlOrMeta+Home")
        for _ in range(12):
            anna.page.keyboard.press("Shift+ArrowRight")
        marked = anna.page.locator("#quote-claim").input_value()
        assert len(marked) == 12
        anna.choose("c-class", "Warning")
        anna.type("c-speaker", "person/joe-biden")
        anna.type("c-topics", "topic/tariffs")
        anna.go_to("form:has(#quote-claim) button")
        anna.enter()
        assert anna.says("Added.")
        [made] = site.reviews()
        assert (made["verdict"], made["fields"]["class"]) == ("Added", ["Warning"])
        assert marked.strip() in str(made["statement"])


def test_missed_statement_is_added_without_scripts(person: Callable[..., object], site: Site) -> None:
    with person(scripts=False) as anna:
        anna.open("/review/add", document=READOUT)
        words = anna.page.locator("textarea#body").input_value().strip().split(".")[0]
        anna.type("quote-claim", words)
        anna.choose("c-class", "Warning")
        anna.type("c-speaker", "person/joe-biden")
        anna.type("c-topics", "topic/tariffs")
        anna.go_to("form:has(#quote-claim) button")
        anna.enter()
        assert anna.says("Added.")
        assert [it["verdict"] for it in site.reviews()] == ["Added"]


@SCRIPTS
def test_review_is_undone(person: Callable[..., object], site: Site, scripts: bool) -> None:
    with person(scripts=scripts) as anna:
        anna.open("/review/statement", iri=site.statement(EXCLUSION))
        anna.key("r", "button[value=Rejected]")
        assert len(site.reviews()) == 1
        anna.open("/review/history")
        anna.key("u", "button[data-undo]")
        assert site.reviews() == []
        assert anna.says("taken back by anna")


@SCRIPTS
def test_queue_is_walked_forth_and_back(person: Callable[..., object], scripts: bool) -> None:
    with person(scripts=scripts) as anna:
        anna.key("n", "a[data-first]")
        first = anna.page.locator("input[name=iri]").input_value()
        anna.key("n", "a[rel=next]")
        assert anna.page.locator("input[name=iri]").input_value() != first
        anna.key("p", "a[rel=prev]")
        assert anna.page.locator("input[name=iri]").input_value() == first
        anna.key("q", "a[accesskey=q]")
        assert anna.says("statements have been reviewed")


@SCRIPTS
def test_queue_is_narrowed(person: Callable[..., object], scripts: bool) -> None:
    with person(scripts=scripts) as anna:
        anna.open("/review")
        whole = anna.page.locator("ol.list li").count()
        anna.go_to("#document")
        anna.page.keyboard.type(READOUT)
        anna.choose("kind", "discussedTopic")
        anna.go_to("form:has(#kind) button")
        anna.enter()
        shown = anna.page.locator("ol.list li").all_inner_texts()
        assert 0 < len(shown) < whole
        assert all("discussed" in it for it in shown)
        anna.key("n", "a[data-first]")
        assert anna.page.locator("input[name=in_kind]").input_value() == "discussedTopic"


@SCRIPTS
def test_second_opinion_is_given_without_seeing_the_first(
    person: Callable[..., object], site: Site, scripts: bool
) -> None:
    name = site.statement(EXCLUSION)
    with person("anna") as anna:
        anna.open("/review/statement", iri=name)
        anna.key("a", "button[value=Accepted]")
    with person("bob", scripts=scripts) as bob:
        bob.go_to(f'a[href$="{"/review/second"}"]')
        bob.enter()
        assert bob.page.locator("input[name=iri]").input_value().endswith(name)
        assert not bob.says("anna")
        bob.key("r", "button[value=Rejected]")
    assert {(it["reviewer"], it["disputed"]) for it in site.reviews()} == {("anna", True), ("bob", True)}


def test_two_reviewers_work_at_once(person: Callable[..., object], site: Site) -> None:
    """Both look at the same statement; what each says is kept, and both see it."""
    name = site.statement(EXCLUSION)
    with person("anna") as anna, person("bob") as bob:
        for it in (anna, bob):
            it.open("/review/statement", iri=name)
        anna.key("r", "button[value=Rejected]")
        bob.key("a", "button[value=Accepted]")
        for it in (anna, bob):
            it.open("/review/statement", iri=name)
            assert it.says("reviewers disagree")
            rows = it.page.locator("table tbody tr").all_inner_texts()
            assert {row.split("\t")[1].strip() for row in rows[:2]} == {"anna", "bob"}
            assert it.page.locator("table tbody tr:has(button[data-undo])").count() == 1
    assert len(site.reviews()) == 2


def test_mark_on_a_page_leads_to_the_statement(person: Callable[..., object]) -> None:
    with person() as anna:
        anna.open(f"/id/document/{quote(READOUT)}")
        anna.go_to("a.right")
        anna.enter()
        assert anna.says("Is this right?")
        assert anna.page.locator("button[value=Accepted]").count() == 1
