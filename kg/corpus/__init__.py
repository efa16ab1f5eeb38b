"""Whole corpora: read in parts, on one machine or on a cluster, and loaded in bulk."""

from kg.corpus.bulk import Loaded, bulk_load, link_conflicts
from kg.corpus.engines import DaskEngine, Engine, LocalEngine
from kg.corpus.output import FORMATS, Folder
from kg.corpus.plan import PART_SIZE, Part, plan
from kg.corpus.run import Corpus, read_corpus, run, summary
from kg.corpus.worker import Job, PartDone, Reject

__all__ = [
    "FORMATS",
    "PART_SIZE",
    "Corpus",
    "DaskEngine",
    "Engine",
    "Folder",
    "Job",
    "Loaded",
    "LocalEngine",
    "Part",
    "PartDone",
    "Reject",
    "bulk_load",
    "link_conflicts",
    "plan",
    "read_corpus",
    "run",
    "summary",
]
