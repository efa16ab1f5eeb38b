"""Reader processes and what surrounds them, without a web server."""

import asyncio
import csv
import io
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from subprocess import run
from sys import executable

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import queries
from kg.errors import (
    BusyError,
    ForbiddenError,
    NoMemoryFreeError,
    NotAcceptableError,
    QueryTimeoutError,
    QueryTooCostlyError,
    StoreError,
    TooLargeError,
)
from kg.query_pool import CLIENT, Answer, QueryPool, QueryRequest, is_volatile, protocol
from kg.query_pool.memory_budget import MemoryBudget
from kg.query_pool.row_limit import RowLimiter
from kg.query_pool.static_checks import refuse_loads, refuse_outside_calls
from kg.settings import Settings
from kg.store import open_store
from kg.store.results import ROW_FORMATS

EX = "http://example.org/"
PRODUCT = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"oxigraph:{tmp_path_factory.mktemp('pool') / 'store'}"
    triples = "".join(f'<{EX}n{n}> <{EX}p> "{n}" .\n' for n in range(1500))
    with open_store(url, write=True) as store:
        store.replace_graphs({f"{EX}g": triples.encode()})
    return url


@asynccontextmanager
async def guarding(place: str, **options: object) -> AsyncIterator[QueryPool]:
    pool = QueryPool(Settings(store=place, **options))  # type: ignore[arg-type]
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


async def body(pool: QueryPool, question: QueryRequest, timeout: float | None = None) -> bytes:
    answer = await pool.ask(question, timeout=timeout)
    try:
        return await answer.body()
    finally:
        answer.close()


async def under_way(pool: QueryPool) -> "asyncio.Future[Answer]":
    """A query that a reader works on and that does not end by itself."""
    asking = asyncio.ensure_future(pool.ask(QueryRequest(PRODUCT)))
    while not pool.occupancy.busy:
        await asyncio.sleep(0.01)
    return asking


def with_pool(place: str, work: Callable[[QueryPool], Awaitable[object]], **options: object) -> object:
    async def within() -> object:
        async with guarding(place, **options) as pool:
            return await work(pool)

    return asyncio.run(within())


def test_thread_that_waits_gets_rows_within_the_same_bounds(place: str) -> None:
    async def work(pool: QueryPool) -> None:
        def select() -> list[tuple[str | None, ...]]:
            return [*pool.select(f'SELECT ?x WHERE {{ ?x <{EX}p> "7" }}').texts()]

        assert await asyncio.to_thread(select) == [(f"{EX}n7",)]
        with pytest.raises(QueryTimeoutError):
            await asyncio.to_thread(pool.select, PRODUCT)

    with_pool(place, work, query_timeout=0.5)
    with pytest.raises(StoreError):
        QueryPool(Settings(store=place)).select(PRODUCT)


def test_answer_is_that_of_the_engine(place: str) -> None:
    question = QueryRequest(f"SELECT ?o WHERE {{ <{EX}n7> ?p ?o }}", rows="csv")
    assert with_pool(place, lambda pool: body(pool, question)) == b"o\r\n7\r\n"


@pytest.mark.parametrize(
    ("question", "error"),
    [
        (QueryRequest(PRODUCT), QueryTimeoutError),
        (QueryRequest("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"), QueryTooCostlyError),
        (QueryRequest("SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}"), QueryTooCostlyError),
        (QueryRequest("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"), ForbiddenError),
        (QueryRequest("#" * 60_000), TooLargeError),
        (QueryRequest("ASK { }", rows=None), NotAcceptableError),
    ],
    ids=["time", "memory", "depth", "outside call", "length", "format"],
)
def test_query_that_goes_too_far_is_ended_and_the_next_one_answered(
    place: str, question: QueryRequest, error: type[Exception]
) -> None:
    async def work(pool: QueryPool) -> bytes:
        with pytest.raises(error):
            await pool.ask(question, timeout=5 if error is QueryTooCostlyError else 0.3)
        return await body(pool, QueryRequest("ASK { }", rows="csv"))

    assert with_pool(place, work, query_memory=120_000_000, query_bytes=50_000) == b"true"


def test_query_that_dies_of_memory_leaves_a_record_in_the_log_and_nothing_raw(
    place: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def work(pool: QueryPool) -> None:
        with pytest.raises(QueryTooCostlyError):
            await pool.ask(QueryRequest("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"), timeout=60)
        async with asyncio.timeout(60):
            while not caplog.records:
                await asyncio.sleep(0.01)

    caplog.set_level("WARNING", "kg.query_pool")
    with_pool(place, work, query_memory=120_000_000, query_memory_total=500_000_000)
    for told in caplog.messages:  # it is tried a second time, with memory that is lent
        assert told.startswith("a process that answers queries: memory allocation of ")
        assert "\n" not in told
        assert "BACKTRACE" not in told
    assert capfd.readouterr().err == ""


def test_readers_cannot_open_a_socket() -> None:
    code = "from kg.query_pool.sandbox import forbid_network; import socket; print(forbid_network()); socket.socket()"
    ended = run([executable, "-c", code], capture_output=True, text=True, check=False)
    if ended.stdout == "False\n":
        pytest.skip("this system has no filter of system calls")
    assert "PermissionError" in ended.stderr


def test_readers_are_gone_when_the_pool_is_closed(place: str) -> None:
    async def work(pool: QueryPool) -> list[int]:
        asking = await under_way(pool)
        processes = [line.process for line in (*pool._busy, *pool._idle)]
        await pool.close()
        with pytest.raises(BusyError):
            await asking
        return processes

    processes = with_pool(place, work)
    assert isinstance(processes, list)
    assert len(processes) >= 2
    assert not [process for process in processes if Path(f"/proc/{process}").exists()]


def test_abandoned_query_gives_its_reader_back(place: str) -> None:
    async def work(pool: QueryPool) -> tuple[int, int]:
        asking = await under_way(pool)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        return pool.occupancy.busy, pool.occupancy.long

    assert with_pool(place, work) == (0, 0)


def test_readers_come_back_when_all_of_them_are_killed(place: str) -> None:
    async def work(pool: QueryPool) -> bytes:
        asking = await under_way(pool)
        forkserver = pool._forkserver._process
        assert forkserver is not None
        forkserver.kill()
        with pytest.raises(BusyError):
            await asking
        while pool.occupancy.idle:  # until it is noticed that the others are gone too
            await asyncio.sleep(0.01)
        return await body(pool, QueryRequest("ASK { }", rows="csv"))

    assert with_pool(place, work) == b"true"


def test_many_questions_at_once_are_all_answered(place: str) -> None:
    async def work(pool: QueryPool) -> list[bytes]:
        questions = [QueryRequest(f"SELECT ?o WHERE {{ <{EX}n{n}> ?p ?o }}", rows="csv") for n in range(200)]
        return await asyncio.gather(*(body(pool, question) for question in questions))

    assert with_pool(place, work, query_queue=200) == [f"o\r\n{n}\r\n".encode() for n in range(200)]


def test_many_queries_of_one_client_leave_processes_to_others(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.query_pool.connection.QUICK", 1000)  # none is known to be long

    async def work(pool: QueryPool) -> tuple[bytes, int, int]:
        CLIENT.set("many")
        many = [asyncio.ensure_future(pool.ask(QueryRequest(PRODUCT))) for _ in range(8)]
        CLIENT.set("few")
        answer = await body(pool, QueryRequest("ASK { }", rows="csv"))
        occupancy = pool.occupancy
        for asking in many:
            asking.cancel()
        await asyncio.gather(*many, return_exceptions=True)
        return answer, occupancy.busy, occupancy.waiting

    assert with_pool(place, work, query_readers=4) == (b"true", 2, 6)


def test_processes_are_ready_for_the_next_queries_while_others_work(place: str) -> None:
    async def work(pool: QueryPool) -> None:
        many = [asyncio.ensure_future(pool.ask(QueryRequest(PRODUCT))) for _ in range(2)]
        async with asyncio.timeout(120):
            while pool.occupancy.busy < 2 or pool.occupancy.idle < 2:
                await asyncio.sleep(0.01)
        for asking in many:
            asking.cancel()
        await asyncio.gather(*many, return_exceptions=True)

    with_pool(place, work, query_readers=6)


def test_store_that_is_not_there_yet_is_asked_again(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'late'}"

    async def work(pool: QueryPool) -> bytes:
        with pytest.raises(StoreError):
            await pool.ask(QueryRequest("ASK { }"))
        with open_store(url, write=True) as store:
            store.replace_graphs({f"{EX}g": f"<{EX}s> <{EX}p> <{EX}o> .\n".encode()})
        return await body(pool, QueryRequest("ASK { ?s ?p ?o }", rows="csv"))

    assert with_pool(url, work) == b"true"


def test_slow_client_stops_the_reader_and_not_the_clock_of_others(place: str) -> None:
    async def work(pool: QueryPool) -> int:
        question = QueryRequest("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 16000", rows="csv")
        answer = await pool.ask(question, timeout=10)
        await asyncio.sleep(10.2)  # longer than the query may work: it stands still meanwhile
        return len(await answer.body())

    size = with_pool(place, work)
    assert isinstance(size, int)
    assert size > 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://other.example/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://good.example@127.0.0.1/> { } }",
        "SELECT * { SERVICE <http://good.example.evil.example/> { } }",
        "SELECT * { SERVICE <//good.example/> { } }",
        "SELECT * { SERVICE ?x { ?s ?p ?o } }",
        "PREFIX x: <http://good.example/> SELECT * { SERVICE x:y { } }",
        "SELECT * { SERVICE#comment\n<http://127.0.0.1/>#more\n{ } }",
        "SELECT * { ?s ?p 5 FILTER(?s<'>')SERVICE#'>\nSILENT x:y{?s ?p ?o} }",
        r"SELECT * { SERVICE <http://127.0.0.1\u002F> { } }",
        r"SELECT * { S\u0045RVICE <http://127.0.0.1/> { } }",
        "SELECT * { SERVICE <http://[::1]/> { } }",
        "SELECT * { SERVICE <http://good.example:9/> { } SERVICE <http://good.example:10/> { } }",
    ],
)
def test_call_of_a_server_that_is_not_listed_is_refused(text: str) -> None:
    with pytest.raises(ForbiddenError, match="SERVICE"):
        refuse_outside_calls(text, ("good.example:9",))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <https://good.example/sparql?x=1> { ?s ?p ?o } }",
        "PREFIX service: <http://x.example/service#> SELECT * WHERE { ?s service:of ?o }",
        "SELECT ?service WHERE { ?service ?p 'service' }",
        "SELECT * { <http://x.example/service> ?p ?o { ?o ?q ?r } }",
    ],
)
def test_query_that_calls_nobody_else_passes(text: str) -> None:
    refuse_outside_calls(text, ("good.example",))


@pytest.mark.parametrize("text", ["LOAD <http://x.example/>", "load silent <file:///etc/passwd> INTO GRAPH <x:y>",
                                  "CLEAR ALL ; LOAD#\n<http://x.example/>", "PREFIX x: <http://x/> LOAD x:y"])  # fmt: skip
def test_load_is_refused(text: str) -> None:
    with pytest.raises(ForbiddenError, match="LOAD"):
        refuse_loads(text)


def test_update_without_load_passes() -> None:
    refuse_loads('INSERT DATA { GRAPH <x:y> { <x:load> <x:p> "to load it" } }')


def test_volatile_functions_are_seen() -> None:
    assert is_volatile("SELECT (now() AS ?x) { }")
    assert not is_volatile("SELECT ?known { ?known ?p ?randomly }")


TEXT = st.text(st.sampled_from('},{"\\a\n\r<result>&\t['), max_size=12)


@given(
    st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8),
    st.sampled_from(sorted(ROW_FORMATS)),
    st.integers(1, 9),
    st.integers(0, 2**32),
)
def test_row_limiter_cuts_any_result_between_two_rows(
    values: list[tuple[str, str]], format: str, rows: int, seed: int
) -> None:
    cells = " ".join(
        f"({ox.Literal(one)} {ox.Literal(other) if other else 'UNDEF'})" for one, other in values
    )
    solutions = ox.Store().query(f"SELECT ?x ?y ?z WHERE {{ VALUES (?x ?y) {{ {cells} }} }}")
    assert isinstance(solutions, ox.QuerySolutions)
    whole = solutions.serialize(format=ROW_FORMATS[format]) or b""
    row_limiter = RowLimiter(format, rows)
    metered = b"".join(row_limiter.feed(block) for block in _blocks(whole, random.Random(seed)))
    assert row_limiter.is_cut == (len(values) > rows)
    metered += row_limiter.ending if row_limiter.is_cut else row_limiter.close()
    if not row_limiter.is_cut:
        assert metered == whole
    assert _size(metered, format) == min(rows, len(values))


def _blocks(data: bytes, chance: random.Random) -> list[bytes]:
    cuts = sorted({0, len(data), *(chance.randint(0, len(data)) for _ in range(6))})
    return [data[start:end] for start, end in pairwise(cuts)]


def _size(data: bytes, format: str) -> int:
    if format == "csv":
        return len([*csv.reader(io.StringIO(data.decode(), newline=""))]) - 1
    parsed = ox.parse_query_results(data, ROW_FORMATS[format])
    assert isinstance(parsed, ox.QuerySolutions)
    return len([*parsed])


def test_descriptors_do_not_pile_up(place: str) -> None:
    async def work(pool: QueryPool) -> int:
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        for _ in range(5):
            with pytest.raises((QueryTimeoutError, BusyError)):
                await pool.ask(QueryRequest(PRODUCT), timeout=0.3)
        await body(pool, QueryRequest("ASK { }"))
        return len(os.listdir("/proc/self/fd")) - before  # noqa: PTH208

    grown = with_pool(place, work)
    assert isinstance(grown, int)
    assert grown <= 3


def test_short_answers_are_kept_until_the_store_changes(tmp_path: Path) -> None:
    url = f"oxigraph:{tmp_path / 'store'}"
    _say(url, "one")
    question = QueryRequest(f"SELECT ?o WHERE {{ <{EX}a> ?p ?o }}", rows="csv")

    async def work() -> tuple[list[bytes], int]:
        with open_store(url) as watched:

            def version() -> str | None:
                watched.refresh()
                return watched.version

            pool = QueryPool(Settings(store=url), version=version)  # type: ignore[call-arg]
            try:
                found = [await body(pool, question), await body(pool, question)]
                await asyncio.to_thread(_say, url, "two")
                return [*found, await body(pool, question)], pool.cache.hits
            finally:
                await pool.close()

    assert asyncio.run(work()) == ([b"o\r\none\r\n", b"o\r\none\r\n", b"o\r\ntwo\r\n"], 1)


def _say(url: str, word: str) -> None:
    with open_store(url, write=True) as store:
        store.replace_graphs({f"{EX}g": f'<{EX}a> <{EX}p> "{word}" .\n'.encode()})


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("SELECT (RAND() AS ?o) WHERE { }", {}),
        ("SELECT ?o WHERE { ?s ?p ?o }", {"query_cache": 0}),
        (f"SELECT ?a ?b WHERE {{ ?a <{EX}p> ?o . ?b <{EX}p> ?u }}", {"query_rows": 20_000}),
    ],
    ids=["differs each time", "no room", "long"],
)
def test_some_answers_are_not_kept(place: str, query: str, options: dict[str, int]) -> None:
    async def work() -> int:
        pool = QueryPool(Settings(store=place, **options), version=lambda: "1")  # type: ignore[arg-type]
        try:
            for _ in range(2):
                await body(pool, QueryRequest(query, rows="json"))
            return pool.cache.hits
        finally:
            await pool.close()

    assert asyncio.run(work()) == 0


def test_answers_asked_for_longest_ago_make_room(place: str) -> None:
    questions = [QueryRequest(f"SELECT ?o WHERE {{ <{EX}n{n}> ?p ?o }}", rows="csv") for n in (1, 2, 3)]

    async def work() -> list[int]:
        options = Settings(store=place, query_cache=2500)  # type: ignore[call-arg]
        pool = QueryPool(options, version=lambda: "1")
        hits = []
        try:
            for question in (*questions, questions[2], questions[0]):
                await body(pool, question)
                hits.append(pool.cache.hits)
            return hits
        finally:
            await pool.close()

    assert asyncio.run(work()) == [0, 0, 0, 1, 1]


def test_nothing_in_the_working_folder_takes_the_place_of_a_library(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyoxigraph.py").write_text("raise SystemExit('executed')")
    monkeypatch.chdir(tmp_path)
    answer = with_pool(place, lambda pool: body(pool, QueryRequest("ASK { }", rows="csv")))
    assert answer == b"true"


def test_readers_are_there_again_after_the_process_that_forks_them_died_with_unread_orders(
    place: str,
) -> None:
    async def work(pool: QueryPool) -> bytes:
        await body(pool, QueryRequest("ASK { }", rows="csv"))
        forkserver = pool._forkserver
        assert forkserver._process is not None
        before = forkserver._process.pid
        os.kill(before, signal.SIGSTOP)
        for line in pool._idle:
            forkserver.stand_back(line.process)  # an order that is never read
        os.kill(before, signal.SIGKILL)
        async with asyncio.timeout(120):
            while forkserver._process is None or forkserver._process.pid == before or not pool._idle:
                await asyncio.sleep(0.05)
        assert pool.trouble is None
        return await body(pool, QueryRequest("ASK { }", rows="csv"))

    assert with_pool(place, work) == b"true"


def test_pool_closes_when_the_process_that_forks_readers_does_not_listen(place: str) -> None:
    async def work(pool: QueryPool) -> int:
        process = pool._forkserver._process
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
        await pool.close()
        return process.wait()

    assert with_pool(place, work) == -signal.SIGKILL


def test_what_cannot_be_started_is_told_and_tried_again(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> bytes:
        pool = QueryPool(Settings(store=place))
        monkeypatch.setattr("kg.query_pool.forkserver.python", lambda *_: ["/no/such/program"])
        with pytest.raises(StoreError, match="no process can be started"):
            await pool.start()
        assert pool.trouble is not None
        monkeypatch.undo()
        try:
            answer = await body(pool, QueryRequest("ASK { }", rows="csv"))
            assert pool.trouble is None
            return answer
        finally:
            await pool.close()

    assert asyncio.run(work()) == b"true"


def test_readers_are_asked_when_they_have_opened_the_store(place: str) -> None:
    async def work(pool: QueryPool) -> list[bool]:
        return [connection.ready.done() and connection.ready.result() for connection in pool._idle]

    assert with_pool(place, work) == [True] * 3


def test_whoever_sends_long_queries_leaves_the_last_ready_readers_to_others(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.query_pool.connection.QUICK", 0.001)

    async def work(pool: QueryPool) -> bytes:
        CLIENT.set("one")
        async with asyncio.timeout(120):
            long = [asyncio.ensure_future(pool.ask(QueryRequest(PRODUCT))) for _ in range(2)]
            while pool.occupancy.long < 2 or pool.occupancy.idle < 2:
                await asyncio.sleep(0.01)
            more = asyncio.ensure_future(pool.ask(QueryRequest("ASK { ?one ?p ?o }")))
            while not pool.occupancy.waiting:
                await asyncio.sleep(0.01)
            CLIENT.set("another")
            found = await body(pool, QueryRequest("ASK { }", rows="csv"))
        for asking in (*long, more):
            asking.cancel()
        await asyncio.gather(*long, more, return_exceptions=True)
        return found

    assert with_pool(place, work, query_readers=4) == b"true"


def test_whoever_sent_a_long_query_has_quick_answers_also_from_few_readers(place: str) -> None:
    async def work(pool: QueryPool) -> None:
        asking = await under_way(pool)
        while not pool.occupancy.long:
            await asyncio.sleep(0.01)
        assert await body(pool, QueryRequest("ASK { }", rows="csv"), timeout=10) == b"true"
        assert not asking.done()
        asking.cancel()

    with_pool(place, work, query_readers=3)


def test_long_queries_that_crowd_get_only_what_nobody_else_wants(place: str) -> None:
    async def work(pool: QueryPool) -> None:
        many = [asyncio.ensure_future(pool.ask(QueryRequest(PRODUCT))) for _ in range(os.cpu_count() or 1)]
        async with asyncio.timeout(120):
            while not any(_is_idle(connection.process) for connection in pool._busy):
                await asyncio.sleep(0.01)
        for asking in many:
            asking.cancel()
        await asyncio.gather(*many, return_exceptions=True)

    with_pool(place, work, query_readers=(os.cpu_count() or 1) + 3)


def _is_idle(process: int) -> bool:
    return os.sched_getscheduler(process) == os.SCHED_IDLE


def test_question_of_the_catalogue_arrives_as_it_was_sent() -> None:
    bound = queries.catalogue()["new-topics"].bind({"topic": "topic/taiwan"})
    question = QueryRequest(bound, rows="tsv", triples=None, default_graphs=("urn:x:a",))
    [(_, payload)] = protocol.frames(bytearray(question.packed()))
    assert QueryRequest.unpacked(payload) == question
    assert {QueryRequest.unpacked(payload), question} == {question}
    assert question.text == bound.text


SORTED = (  # 200,000 rows, which it holds all at once
    f"SELECT ?a ?d WHERE {{ ?a <{EX}p> ?c . ?d <{EX}p> ?f FILTER(STRLEN(?c) < 3) }} ORDER BY ?f ?c LIMIT 1"
)


def test_query_that_needs_more_than_its_share_is_lent_it(place: str) -> None:
    async def work(pool: QueryPool) -> None:
        assert pool._memory.share < 25_000_000
        assert (await body(pool, QueryRequest(SORTED, rows="csv"))).startswith(b"a,d\r\n")
        assert (
            pool._memory.budget.lend(0) == pool._memory.budget.most - pool._memory.share
        )  # all of it is back

    with_pool(place, work, query_memory_total=3_000_000_000, query_memory=1_500_000_000, query_readers=64)


def test_query_that_finds_the_memory_lent_to_others_is_told_to_come_back(place: str) -> None:
    async def work(pool: QueryPool) -> bytes:
        while pool._memory.budget.lend(0):
            pass
        with pytest.raises(NoMemoryFreeError):
            await pool.ask(QueryRequest(SORTED))
        return await body(pool, QueryRequest("ASK { }", rows="csv"))

    assert with_pool(place, work, query_memory_total=500_000_000, query_readers=12) == b"true"


def test_memory_of_all_queries_together_never_exceeds_the_total(place: str) -> None:
    options = Settings(store=place, query_memory_total=2_000_000_000, query_readers=8)
    budget = MemoryBudget(options)
    lent = [budget.lend(0) for _ in range(options.query_readers)]
    assert budget.share * options.query_readers + sum(lent) <= options.query_memory_total
    assert (max(lent) + budget.share, lent[-1]) == (options.query_memory, 0)
    budget.give_back(lent[0])
    assert budget.lend(0) == lent[0]
