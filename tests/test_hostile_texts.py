"""What is sent to keep a reader busy, or to end it, gets an answer soon."""

import time
from contextlib import suppress

import pytest

from kg.errors import ForbiddenError, UnreadableDocumentError
from kg.ingest import Pipeline
from kg.model import Document
from kg.query_pool.static_checks import refuse_loads, refuse_outside_calls
from kg.read import read_bytes
from kg.read.document import passage_of


def _read(text: str, name: str = "a.md") -> list[Document]:
    return [*read_bytes(text.encode(), name, max_bytes=10_000_000)]


@pytest.mark.parametrize(
    "opened", ["[" * 50_000, "{a: " * 15_000, "\n" + "- " * 20_000, "\n" + "? " * 20_000]
)
def test_front_matter_of_any_depth_is_refused_by_a_message(opened: str) -> None:
    with pytest.raises(UnreadableDocumentError, match="nested more than 20 deep"):
        _read(f"---\na: {opened}\n---\nThey met.")


def test_front_matter_of_any_length_is_refused_by_a_message() -> None:
    with pytest.raises(UnreadableDocumentError, match="longer than 65536 characters"):
        _read(f"---\na: {'b' * 70_000}\n---\nThey met.")


def test_fields_beside_collections_are_read() -> None:
    front = "keywords: [a, [b, c]]\ntitle: Talks\n? [a]\n: b\nurl: {a: b}\ndate: 2024-01-01\n"
    [found] = _read(f"---\n{front}---\nThey met.")
    assert (found.title, found.published, found.url) == ("Talks", "2024-01-01", None)


@pytest.mark.parametrize("title", ["*", "*" * 1000, "* *", "a"])
def test_title_is_looked_for_in_linear_time(title: str) -> None:
    start = time.process_time()
    for body in ("*" * 200_000, "*" * 200_000 + "x", ("*" * 50 + "\n") * 4000, " " * 200_000 + "a"):
        passage_of(body, title)
    assert time.process_time() - start < 10  # what was quadratic took hours


@pytest.mark.parametrize(
    "text",
    [
        "service" * 140_000,
        "service:" * 100_000,
        "service #" * 100_000,
        "load #" * 150_000,
        "service " + "a:" * 400_000,
    ],
    ids=["words", "names", "comments", "loads", "one name"],
)
def test_outside_calls_are_looked_for_in_linear_time(text: str) -> None:
    start = time.process_time()
    with suppress(ForbiddenError):
        refuse_outside_calls(text, ())
        refuse_loads(text)
    assert time.process_time() - start < 20  # what was quadratic took hours


def test_long_run_without_a_blank_is_named_and_the_rest_is_read() -> None:
    call = "President Trump spoke by phone with Chinese President Xi Jinping on June 5, 2025."
    runs = "'s" * 20_000, "x-" * 400
    text = f"{call}\n\n{runs[0]}\n\nTaiwan was not discussed in the call. {runs[1]}"
    [made] = Pipeline().prepare([Document("long-runs", text)])
    assert made.problem is None
    assert any("without a blank" in note for note in made.notes)
    assert b"excludedTopic" in made.stated
