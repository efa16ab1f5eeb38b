"""Plain words → a question of the catalogue with its parameters, and its answer; without a language model."""

from kg.questions.answer import Answer, Answerer, Citation, Select, Suggestion
from kg.questions.passages import TextSearch
from kg.questions.phrases import Phrases
from kg.questions.reader import COMPOSED, Context, QuestionReader, Reading, Verdict, followed_by
from kg.questions.undecided import NUMBERS, caveat_of_number, caveat_of_rows

__all__ = [
    "COMPOSED",
    "NUMBERS",
    "Answer",
    "Answerer",
    "Citation",
    "Context",
    "Phrases",
    "QuestionReader",
    "Reading",
    "Select",
    "Suggestion",
    "TextSearch",
    "Verdict",
    "caveat_of_number",
    "caveat_of_rows",
    "followed_by",
]
