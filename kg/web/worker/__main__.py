"""Runs a worker."""

import sys

from kg.web.worker import main

main(sys.argv[1:])
