"""Measurements of the whole way from documents to answers, beside what others need for the same."""
