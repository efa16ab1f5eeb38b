"""Clauses: who does what in a sentence, and how the text means it; one module a language."""
