"""Runs a worker."""

import sys

from kg.web.extraction_worker.process import main

main(sys.argv[1:])
