"""Runs queries from outside in processes that can be stopped.

The engine has no timeout and no bound on memory, so each query gets a process that reads a checkpoint of the
store, and the process is killed when the query goes too far.
"""

from kg.guard.answer import Answer
from kg.guard.fair import CLIENT, Turns
from kg.guard.pool import Guard, Occupancy
from kg.guard.rehearsal import rehearse, triples_of
from kg.guard.screening import is_volatile
from kg.guard.wire import Head, Question, Tail, whole_graph

__all__ = ["CLIENT", "Answer", "Guard", "Head", "Occupancy", "Question", "Tail", "Turns", "is_volatile",
           "rehearse", "triples_of", "whole_graph"]  # fmt: skip
