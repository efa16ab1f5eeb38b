"""The parts of the pages that need no browser."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.html import formatting, static
from kg.web.html.citations import cite_source
from kg.web.html.render import environment
from kg.web.pages import charts
from kg.web.pages.filters import Filters
from kg.web.pages.passages import paragraphs

WEB = Path(static.__file__).parents[1]
VENDOR = WEB / "static" / "vendor"


def test_vendored_bundles_are_those_of_the_versions_file() -> None:
    told = {name: it["sha256"] for bundle in json.loads((VENDOR / "versions.json").read_text())
            for name, it in bundle["files"].items()}  # fmt: skip
    assert {name: sha256((VENDOR / name).read_bytes()).hexdigest() for name in told} == told
    others = {path.name for path in VENDOR.iterdir()} - told.keys()
    assert others == {"versions.json", "LICENSE-yasqe.txt"}


@pytest.mark.parametrize("path", sorted(WEB.glob("templates/*.html")), ids=lambda path: path.name)
def test_template_has_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|\| *safe|javascript:", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_own_styles_and_scripts_name_no_other_server() -> None:
    for path in (WEB / "static").glob("*.*"):
        found = re.findall(r"https?://[\w.]+", path.read_text(encoding="utf-8"))
        assert set(found) <= {"http://www.w3.org"}, path


@given(st.text())
def test_shown_text_is_inert(text: str) -> None:
    markup = str(formatting.shown(text))
    inside = re.sub(r'<span class="ctl" title="control character [\w+]+">[\w+]+</span>', "", markup)
    assert inside.startswith("<bdi>")
    assert "<" not in inside.removeprefix("<bdi>").removesuffix("</bdi>")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", markup)


@given(st.text(alphabet="ab \n<", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20))))
def test_segments_give_the_text_back_and_cover_their_passages(
    body: str, starts: list[tuple[int, int]]
) -> None:
    spans = [(start, min(start + size, len(body))) for start, size in starts if start < len(body)]
    found = [segment for paragraph in paragraphs(body, spans) for segment in paragraph]
    assert "".join(it.text for it in found).replace(" ", "") == re.sub(r"\s", "", body)
    for it in found:
        assert all(it.text in body[start:end] for start, end in it.spans)


def test_embedded_json_cannot_end_its_element() -> None:
    told = environment().from_string("{{ value | ld }}").render(value={"name": "</script><b>&"})
    assert "<" not in told
    assert json.loads(told) == {"name": "</script><b>&"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-06-05", "5 June 2025"),
        ("2025-06", "June 2025"),
        ("2025", "2025"),
        ("", "undated"),
        ("-5", "-5"),
    ],
)
def test_dates_keep_their_precision(value: str, expected: str) -> None:
    assert formatting.day(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("PT1H30M", "1 hour 30 minutes"), ("P2D", "2 days"), ("PT1S", "1 second"), ("odd", "odd")],
)
def test_durations_read_in_words(value: str, expected: str) -> None:
    assert formatting.long_duration(value) == expected


def test_citation_escapes_what_is_special_in_tex() -> None:
    made = cite_source(
        "Trade & {tariffs} at 50%",
        "https://example.org/id/document/a",
        source="https://example.org/a",
        publisher="A_B",
        issued="2025-06",
    )
    assert "title = {{Trade \\& \\{tariffs\\} at 50\\%}}" in made.bibtex
    [item] = json.loads(made.csl)
    assert (item["title"], item["issued"]) == ("Trade & {tariffs} at 50%", {"date-parts": [[2025, 6]]})


def test_stacks_stand_on_each_other() -> None:
    chart = charts.stacks({"2024": {"a": 3, "b": 1}, "2025": {}}, ["a", "b"], height=100)
    first, second = chart.stacks
    assert [(part.name, part.height) for part in first.parts] == [("a", 75.0), ("b", 25.0)]
    assert first.parts[1].y + first.parts[1].height == first.parts[0].y
    assert (second.parts, second.total) == ((), 0)


def test_rows_with_a_number_make_a_chart_and_others_do_not() -> None:
    made = charts.of_rows(
        ["year", "kind", "kindLabel", "n"], [("2024", "x", "call", "2"), ("2025", "x", "call", "4")]
    )
    assert made is not None
    assert [(bar.label, bar.percent) for bar in made.bars] == [("2024, call", 50.0), ("2025, call", 100.0)]
    assert charts.of_rows(["a", "b"], [("x", "y")]) is None
    assert charts.of_rows(["a", "n"], []) is None


def test_filters_become_what_the_event_index_is_asked() -> None:
    wanted = Filters(participant=["person/xi-jinping"], topic="topic/taiwan", after="2024").event_filter
    assert [agent.rpartition("/")[2] for agent in wanted.agents] == ["xi-jinping"]
    assert wanted.topic.endswith("id/topic/taiwan")
    assert Filters(kind="call").given == {"kind": "call"}
