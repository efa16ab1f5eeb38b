"""What is asked of the whole store is answered before anybody asks it, by a process of its own."""

import asyncio
import shutil
from pathlib import Path

from kg.store import open_store
from kg.summaries import summaries
from kg.web.materialize import keep_ready


def test_a_server_has_answers_made_ready_for_the_state_that_it_shows(filled: str, tmp_path: Path) -> None:
    place = tmp_path / "store"
    shutil.copytree(filled.removeprefix("oxigraph:"), place, ignore=shutil.ignore_patterns("answers"))
    with open_store(f"oxigraph:{place}") as store:

        async def work() -> None:
            keeping = asyncio.create_task(keep_ready(f"oxigraph:{place}", lambda: store.version))
            while sum(1 for _ in place.glob("checkpoints/*/answers/*")) < len(summaries()):
                await asyncio.sleep(0.05)
            keeping.cancel()

        asyncio.run(asyncio.wait_for(work(), 300))
