"""What is asked of the whole store is answered before anybody asks it."""

import asyncio

from kg.guard import Guard
from kg.queries import catalogue
from kg.settings import Settings
from kg.web.standing import asked, keep_ready, texts

TOPIC = "https://w3id.org/uschina-kg/id/topic/taiwan"


def test_counts_of_the_whole_store_are_ready(filled: str) -> None:
    async def work() -> int:
        guard = Guard(Settings(store=filled), version=lambda: "1")  # type: ignore[call-arg]
        await guard.start()
        keeping = asyncio.create_task(keep_ready(guard, lambda: "1", lambda: [TOPIC]))
        try:
            while guard.shelf.size < len([*texts([TOPIC])]):
                await asyncio.sleep(0.01)
            (await guard.ask(asked(catalogue()["topic-ranking"].bind({})))).close()
            (await guard.ask(asked(catalogue()["topic-mentions-per-year"].bind({"topic": TOPIC})))).close()
            return guard.shelf.hits
        finally:
            keeping.cancel()
            await guard.close()

    assert asyncio.run(asyncio.wait_for(work(), 30)) == 2
