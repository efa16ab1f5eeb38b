"""What is asked of the whole store is answered before anybody asks it."""

import json
import time

from tests.web.conftest import Site


def _kept(site: Site) -> int:
    lines = site.send("GET", "/metrics").body.decode().splitlines()
    return int(float(next(line.split()[1] for line in lines if line.startswith("kg_answers_kept_total"))))


def test_counts_of_the_whole_store_are_ready(site: Site) -> None:
    path = "/api/v1/queries/topic-ranking/rows"
    for _ in range(100):  # until the round after the start has come to it
        before = _kept(site)
        reply = site.send("GET", path)
        if _kept(site) > before:
            break
        time.sleep(0.05)
    assert _kept(site) > before
    assert json.loads(reply.body)["query"] == "topic-ranking"
