"""Clients that wait in turn."""

import asyncio

import pytest

from kg.errors import BusyError
from kg.query_pool.fair_queue import CLIENT, FairQueue, FairSemaphore


def _given(queue: FairQueue[int], count: int) -> list[str | None]:
    return [queue.give(number) for number in range(count)]


def test_each_client_is_served_in_turn_however_many_others_wait_for() -> None:
    async def work() -> list[int]:
        queue: FairQueue[int] = FairQueue(10)
        many = [queue.join("many") for _ in range(4)]
        few = queue.join("few")
        assert _given(queue, 6) == ["many", "few", "many", "many", "many", None]
        return [many[0].result(), few.result(), many[1].result()]

    assert asyncio.run(work()) == [0, 1, 2]


def test_client_that_may_have_nothing_now_is_passed_over() -> None:
    async def work() -> None:
        queue: FairQueue[int] = FairQueue(4)
        first, second = queue.join("first"), queue.join("second")
        assert queue.give(1, lambda client: client == "second") == "second"
        assert queue.give(2, lambda client: client == "second") is None
        assert (first.done(), second.result(), queue.places()) == (False, 1, {"first": 1})

    asyncio.run(work())


def test_newcomer_takes_a_place_of_the_client_that_has_most() -> None:
    async def work() -> None:
        queue: FairQueue[int] = FairQueue(3)
        many = [queue.join("many") for _ in range(3)]
        few = queue.join("few")
        assert isinstance(many[2].exception(), BusyError)
        with pytest.raises(BusyError):
            queue.join("many")
        with pytest.raises(BusyError):  # both would have as many
            queue.join("few")
        assert (_given(queue, 3), few.result(), len(queue)) == (["many", "few", "many"], 1, 0)

    asyncio.run(work())


def test_whoever_gives_up_holds_up_nobody() -> None:
    async def work() -> None:
        turns = FairSemaphore(at_once=1, room=4)
        CLIENT.set("one")
        await turns.take()
        waiting = [asyncio.create_task(turns.take()) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        turns.give_back()
        await waiting[1]
        turns.give_back()
        assert turns.waiting == 0
        assert turns.is_free

    asyncio.run(work())
