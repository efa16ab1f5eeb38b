"""A day that no text states is told apart from one that a text states."""

import pytest

from kg import ingest, queries
from kg.ingest import Pipeline
from kg.lexicon import Lexicon
from kg.model import Document
from kg.questions import Answerer
from kg.store import open_store
from kg.terms import ID
from kg.views.event_index import EventIndex

MEETING = str(ID["meeting/2022-11-14-joe-biden-xi-jinping"])
TITLE = "Readout of President Biden's Meeting with President Xi Jinping"
BODY = "President Joseph R. Biden, Jr. met with President Xi Jinping in Bali. They discussed climate change."
STATED = "President Joe Biden met with President Xi Jinping in Bali on November 14, 2022."


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


def test_day_of_publication_is_named_until_a_text_states_the_day(pipeline: Pipeline) -> None:
    readout = Document(id="readout", title=TITLE, body=BODY, kind="Readout", published="2022-11-14")
    question = "When did Biden and Xi meet in Bali?"
    with open_store("memory:", write=True) as store:
        ingest.load_document(readout, store, pipeline)
        assert EventIndex(store).by_iri[MEETING].date_basis == "DayOfPublication"
        answer = Answerer(store, queries.catalogue(), Lexicon.load()).ask(question)
        assert "14 November 2022 (day of publication)" in answer.text
        ingest.load_document(Document(id="report", body=STATED, published="2022-11-15"), store, pipeline)
        assert EventIndex(store).by_iri[MEETING].date_basis == ""
        answer = Answerer(store, queries.catalogue(), Lexicon.load()).ask(question)
        assert "14 November 2022" in answer.text
        assert "day of publication" not in answer.text
