"""Runs queries from outside in processes that can be stopped.

The engine has no timeout and no bound on memory, so each query gets a process that reads a checkpoint of the
store, and the process is killed when the query goes too far.
"""

from kg.query_pool.answer import Answer
from kg.query_pool.bounded_dry_run import bounded_dry_run
from kg.query_pool.dry_run import triples_of
from kg.query_pool.fair_queue import CLIENT, FairSemaphore
from kg.query_pool.pool import Occupancy, QueryPool
from kg.query_pool.protocol import Head, QueryRequest, Tail, whole_graph
from kg.query_pool.static_checks import is_volatile
from kg.query_pool.stderr_log import logged_stderr

__all__ = [
           "CLIENT",
           "Answer",
           "FairSemaphore",
           "Head",
           "Occupancy",
           "QueryPool",
           "QueryRequest",
           "Tail",
           "bounded_dry_run",
           "is_volatile",
           "logged_stderr",
           "triples_of",
           "whole_graph",
]  # fmt: skip
