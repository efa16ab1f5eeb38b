"""Every page in a real browser: wide and narrow, with scripts and without, for eyes and for screen readers."""

import json
from collections.abc import Callable
from importlib.resources import files
from urllib.parse import quote

import pytest

from .conftest import Window

MEETING = "/id/meeting/2023-11-15-joe-biden-xi-jinping"
DOCUMENT = "/id/document/2023-11-16-beijing-readout"
HOSTILE = "/id/document/2024-04-03-hostile"
COUNT = quote("SELECT ?kind (COUNT(?x) AS ?n) WHERE { ?x a ?kind } GROUP BY ?kind ORDER BY ?kind")
PAGES = {
    "/": "who says so",
    "/about": "Three accounts",
    "/events": "Biden–Xi",
    "/search?q=%E4%B9%A0": "Xi Jinping",
    "/timeline": "All years",
    "/timeline?at=2023": "November 2023",
    "/topics": "Taiwan",
    "/documents": "Readout of the President's Meeting in Woodside",
    "/graph?iri=person/xi-jinping": "Neighbourhood of Xi Jinping",
    f"/query?query={COUNT}": "Take it all as",
    "/questions/demands?run=1": "All ready questions",
    "/search?q=sanctions": "In the texts",
    "/ask": "For example",
    "/ask?q=Which%20topics%20were%20excluded%20from%20the%20November%2015%20meeting%3F": "Tibet",
    "/ask?q=Who%20will%20win%20the%20cup%3F": "can't answer",
    "/docs": "openapi.json",
    "/ontology": "Properties",
    "/try": "nothing of it is stored",
    MEETING: "The accounts, topic by topic",
    DOCUMENT: "should lift its sanctions",
    HOSTILE: "alert(2)",
    "/id/person/xi-jinping": "What Xi Jinping said",
    "/id/topic/taiwan": "What each side says",
    "/id/country/china": "China",
    "/id/place/woodside": "What is stored",
    "/id/person/nobody": "Nothing is here",
}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SERIOUS = ("serious", "critical")
Open = Callable[..., Window]


def is_expected(error: str, path: str) -> bool:
    """The console notes every answer of 404; here one page is meant to give it."""
    return "404" in error and path == "/id/person/nobody"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_whole_and_open_to_all(opened: Open, path: str, scripts: bool) -> None:
    """Its content is there, it fits, it asks nobody else, nothing complains, and it has no serious barrier."""
    with opened(path, width=375, scripts=scripts) as window:
        if scripts:
            window.page.evaluate(AXE)
        for width, scheme in ((375, "light"), (1280, "dark")):  # a phone, then a desk
            window.page.set_viewport_size({"width": width, "height": 900})
            window.page.emulate_media(color_scheme=scheme)
            assert PAGES[path] in window.page.inner_text("main")
            assert window.page.evaluate("document.documentElement.scrollWidth") <= width
            assert (barriers(window) if scripts else {}) == {}
        assert [error for error in window.errors if not is_expected(error, path)] == []
        assert window.strangers == []


def barriers(window: Window) -> dict[str, list[str]]:
    """The elements that serious rules of WCAG 2.2 A and AA find at fault, by rule."""
    rules = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        "resultTypes": ["violations"],
    }
    found = window.page.evaluate(f"axe.run(document, {json.dumps(rules)})")["violations"]
    return {it["id"]: [node["html"][:160] for node in it["nodes"]] for it in found if it["impact"] in SERIOUS}


def test_accounts_stand_side_by_side(opened: Open) -> None:
    with opened(MEETING) as window:
        heads = window.page.locator(".accounts thead th").all_inner_texts()
        assert heads == ["Topic", "U.S. account", "Chinese account", "Third parties"]
        row = window.page.locator('[id="topic/human-rights"]')
        assert "not raised" in row.locator("td.cn").inner_text()
        assert "contradicts" in row.locator("td.us").inner_text()
        only = window.page.locator('[id="topic/tibet"]')
        assert "only here" in only.locator("td.us").inner_text()
        assert "no word" in only.locator("td.cn").inner_text()


def test_passage_and_statements_light_up_together(opened: Open) -> None:
    with opened(DOCUMENT) as window:
        mark = window.page.locator(".text mark").first
        mark.hover()
        spans = mark.get_attribute("data-spans").split()
        assert window.page.locator(".notes .lit").count() == len(spans)


def test_passage_and_statements_lead_to_each_other_without_scripts(opened: Open) -> None:
    with opened(DOCUMENT, scripts=False) as window:
        for link in window.page.locator(".text .ref, .notes .to").all():
            target = link.get_attribute("href")[1:]
            assert window.page.locator(f'[id="{target}"]').count() == 1


def test_hostile_text_stays_text(opened: Open) -> None:
    with opened(HOSTILE, width=375) as window:
        assert window.page.title().startswith("Odd <script>alert(1)</script>")
        assert window.page.locator("main script, main img").count() == 0
        assert "RLO" in window.page.inner_text(".text")
        assert "w" * 10_000 in window.page.inner_text(".text").replace("\n", "")


def test_first_tab_offers_to_skip_to_the_content(opened: Open) -> None:
    with opened("/events") as window:
        window.page.keyboard.press("Tab")
        assert window.page.evaluate("document.activeElement.textContent") == "Skip to the content"
        window.page.keyboard.press("Enter")
        assert window.page.evaluate("document.activeElement.id") == "main"


def test_search_completes_in_both_scripts_by_keyboard(opened: Open) -> None:
    with opened("/") as window:
        for typed in ("xi jin", "习近"):
            window.page.fill("#find", "")
            window.page.locator("#find").press_sequentially(typed)
            window.page.locator("#find-suggestions li").first.wait_for()
            assert "Xi Jinping" in window.page.inner_text("#find-suggestions")
        window.page.keyboard.press("ArrowDown")
        with window.page.expect_navigation():
            window.page.keyboard.press("Enter")
        assert window.page.url.endswith("/id/person/xi-jinping")


def test_form_completes_a_field_and_its_answer_is_cards_on_a_phone(opened: Open) -> None:
    with opened("/questions/demands", width=375) as window:
        side = window.page.locator("#of-side")
        side.press_sequentially("chin")
        window.page.locator(".suggestions li").first.wait_for()
        side.press("ArrowDown")
        side.press("Enter")
        assert side.input_value() == "China"
        window.page.get_by_role("button", name="Ask", exact=True).click()
        cell = window.page.locator(".answer-rows td.of-content").first
        cell.wait_for()
        label = cell.evaluate("it => getComputedStyle(it, '::before').content")
        assert "content" in label
        assert window.page.evaluate("document.documentElement.scrollWidth") <= 375
        window.page.set_viewport_size({"width": 1280, "height": 900})
        width = cell.evaluate("it => it.getBoundingClientRect().width")
        assert width > 250


def test_editor_completes_terms_and_runs_by_keyboard(opened: Open) -> None:
    with opened("/query") as window:
        page = window.page
        page.locator(".CodeMirror").click()
        page.keyboard.press("Control+A")
        page.keyboard.type("PREFIX kg: <https://w3id.org/uschina-kg/ontology#>\nSELECT ?x WHERE { ?x kg:excl")
        page.keyboard.press("Control+Space")
        page.locator(".CodeMirror-hints li").first.wait_for()
        assert page.locator(".CodeMirror-hints li").all_inner_texts() == ["kg:excludedTopic"]
        page.keyboard.press("Enter")
        page.keyboard.type(" ?y }")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        assert "2023-11-15-joe-biden-xi-jinping" in page.inner_text("#answer")
        assert window.errors == []


def test_editor_lets_the_tab_key_go_on(opened: Open) -> None:
    with opened("/query") as window:
        window.page.locator(".CodeMirror").click()
        window.page.keyboard.press("Tab")
        assert window.page.evaluate("document.activeElement.closest('.CodeMirror')") is None


def test_wrong_query_says_where(opened: Open) -> None:
    with opened("/query?query=SELECT%20WHERE") as window:
        assert "syntax error in line 1" in window.page.inner_text("[role=alert]")


def test_timeline_zooms_by_click_and_by_key(opened: Open) -> None:
    with opened("/timeline") as window:
        page = window.page
        page.locator('.chart a[aria-label^="2023"]').click()
        page.wait_for_url("**/timeline?at=2023")
        page.locator(".zoom strong", has_text="2023").wait_for()
        page.keyboard.press("Escape")
        page.locator(".zoom strong", has_text="All years").wait_for()


def test_graph_grows_and_so_does_its_table(opened: Open) -> None:
    with opened("/graph?iri=meeting/2023-11-15-joe-biden-xi-jinping") as window:
        page = window.page
        page.locator("#graph canvas").first.wait_for()
        rows = page.locator("#ties tbody tr").count()
        assert rows >= 5
        assert window.errors == []


def test_text_is_read_and_not_stored(opened: Open, address: str) -> None:
    with opened("/try") as window:
        page = window.page
        page.fill(
            "#text", "On March 4, 2024, Secretary Blinken met Wang Yi in Munich. Tibet was not discussed."
        )
        with page.expect_navigation():
            page.get_by_role("button", name="Read it").click()
        assert "The shapes accept it" in page.inner_text("main")
        assert "Tibet" in page.inner_text(".notes")
        assert "kg:excludedTopic" in page.locator("pre", has_text="@prefix").text_content()
        assert window.errors == []
        page.goto(f"{address}/documents")
        assert "Munich" not in page.inner_text("main")


def test_page_prints_and_stays_small(opened: Open) -> None:
    for path in ("/", MEETING, "/query", "/graph?iri=person/xi-jinping"):
        with opened(path) as window:
            sizes = window.page.evaluate(
                "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
                ".reduce((sum, it) => sum + it.encodedBodySize, 0)"
            )
            assert sizes < 500_000
            window.page.emulate_media(media="print")
            assert not window.page.locator(".top nav").is_visible()
