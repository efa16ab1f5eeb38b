"""Reviewing over HTTP: a page for people, the same for programs; off unless the operator names reviewers."""
