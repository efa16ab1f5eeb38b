"""Plain words → a question of the catalogue with its parameters, and its answer; without a language model."""

from kg.questions.answer import Answer, Answerer, Citation, Select, Suggestion
from kg.questions.passages import TextSearch
from kg.questions.reader import COMPOSED, Context, QuestionReader, Reading, Verdict, followed_by

__all__ = [
    "COMPOSED",
    "Answer",
    "Answerer",
    "Citation",
    "Context",
    "QuestionReader",
    "Reading",
    "Select",
    "Suggestion",
    "TextSearch",
    "Verdict",
    "followed_by",
]
