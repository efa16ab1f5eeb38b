"""Measurements of the whole way from documents to answers, beside what others need for the same."""

import os

os.environ["KG_RATE_LIMIT"] = "0"  # what is measured is how fast a server can, not how fast one client may
