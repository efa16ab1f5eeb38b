"""What is sent to keep the server busy, or to end it: the sender gets an error, everybody else an answer."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from benchmarks.attackers import pdf
from kg.errors import BusyError
from kg.query_pool import FairSemaphore
from kg.web.extraction_worker.pool import ExtractionWorkers, Place
from kg.web.extraction_worker.process import TaskLimits
from kg.web.extraction_worker.uploads import Upload
from tests.web.conftest import EX, TOKEN, Site, serving, until

TEXT = b"On May 9, 2024, Li Hui met with Antony Blinken. Tibet was not discussed."
SMALL = f"SELECT ?o WHERE {{ <{EX}a> <{EX}p> ?o }}"
GRAPH = "/graphs?graph=https%3A%2F%2Fw3id.org%2Fuschina-kg%2Fgraph%2Fdocument%2Fx"


PDF = pdf(300_000)
HOSTILE: dict[str, tuple[str, str, Callable[[], bytes], set[int]]] = {
    "PDF of many operators": ("/api/v1/extract", "application/pdf", lambda: PDF, {422}),
    "no PDF": ("/api/v1/extract", "application/pdf", lambda: b"%PDF-1.4\n" + b"1 0 obj\n<<" * 9000, {400, 422}),
    "deep front matter": (
        "/api/v1/extract", "text/markdown", lambda: b"---\na: " + b"[" * 50_000 + b"\n---\nThey met.", {400}),
    "asterisks with a title": (
        "/api/v1/extract", "application/json",
        lambda: json.dumps({"text": "*" * 39_000 + "x", "title": "*"}).encode(), {200, 422}),
    "deep JSON": ("/api/v1/extract", "application/json", lambda: b"[" * 90_000, {400}),
    "long number": ("/api/v1/extract", "application/json", lambda: b'{"text": "a", "x": ' + b"9" * 5000 + b"}", {200, 400}),
    "deep HTML": ("/api/v1/extract", "text/html", lambda: b"<html" * 90_000 + b"<div>" * 90_000, {400, 422}),
    "no text": ("/api/v1/extract", "text/html", lambda: b"\xc2\x94", {400}),
    "deep Turtle": ("/api/v1/validate", "text/turtle", lambda: b"<a:a> <a:b> " + b"[ <a:c> " * 50_000, {400, 422}),
    "deep JSON-LD": ("/api/v1/validate", "application/ld+json", lambda: b'{"@graph": ' * 40_000, {400, 422}),
    "remote context": (
        "/api/v1/validate", "application/ld+json",
        lambda: b'{"@context": "http://127.0.0.1:1/x", "a": "b"}', {400}),
    "entities": (
        "/api/v1/validate", "application/rdf+xml",
        lambda: b'<!DOCTYPE r [' + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 20 if n else b"x" * 99)
                                            for n in range(12)) + b"]><r>&e11;</r>", {400, 422}),
}  # fmt: skip


@pytest.fixture(scope="module")
def small(filled: str) -> Iterator[Site]:
    """A server of which one task may have little of a processor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.web.extraction_worker.pool.LIMITS", TaskLimits(work=2, patience=600))
        with serving(filled) as running:
            yield running


def test_hostile_uploads_end_with_their_error_while_others_are_answered(small: Site) -> None:
    def send(name: str) -> int:
        path, media_type, body, _ = HOSTILE[name]
        return small.send("POST", path, body(), content_type=media_type).status

    with ThreadPoolExecutor(3) as pool:
        sent = {name: pool.submit(send, name) for name in HOSTILE}
        usual = []
        while not all(one.done() for one in sent.values()):
            usual.append(small.ask(SMALL).status)
            time.sleep(0.1)
    assert set(usual) == {200}
    assert not {name: one.result() for name, one in sent.items() if one.result() not in HOSTILE[name][3]}
    assert small.send("POST", "/api/v1/extract", TEXT, content_type="text/plain").status == 200


def test_long_tasks_let_others_in_and_are_held_where_there_is_no_room_for_more() -> None:
    async def queue(process: int) -> None:
        quick, long = FairSemaphore(1, 1), FairSemaphore(1, 1)
        async with AsyncExitStack() as first, AsyncExitStack() as second, asyncio.timeout(120):
            await (await first.enter_async_context(Place(quick, long))).lingers(process)
            assert quick.is_free
            await _state(process, "S")
            place = await second.enter_async_context(Place(quick, long))
            held = asyncio.create_task(place.lingers(process))
            await _state(process, "T")
            assert quick.is_free
            await first.aclose()
            await held
            await _state(process, "S")
        assert quick.is_free
        assert long.is_free

    with subprocess.Popen(["sleep", "600"]) as process:
        try:
            asyncio.run(queue(process.pid))
        finally:
            process.kill()


async def _state(process: int, wanted: str) -> None:
    """Wait until a process sleeps (S) or is stopped (T)."""
    while Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != wanted:
        await asyncio.sleep(0.01)


def test_process_for_texts_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("Cannot allocate memory")

    monkeypatch.setattr("subprocess.Popen", refuse)
    with pytest.raises(BusyError):
        asyncio.run(ExtractionWorkers().extract(Upload(TEXT, "text/plain")))


def test_no_body_of_a_stranger_is_parsed_in_the_process_of_the_server(
    own_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parsed in the process of the server")

    for parser in ("kg.web.extraction_worker.uploads.document_in", "kg.web.extraction_worker.process.document_in", "kg.read.formats.each_of",
                   "kg.web.extraction_worker.process.parse_rdf", "kg.validate.rdf.parse_rdf", "kg.web.extraction_worker.process.triples_of",
                   "kg.extract.RuleExtractor.extract"):  # fmt: skip
        monkeypatch.setattr(parser, refuse)
    monkeypatch.setattr(sys.modules["kg.query_pool.dry_run"], "triples_of", refuse)
    token = {"authorization": f"Bearer {TOKEN}"}
    page = b"<html><body><article><p>" + TEXT * 9 + b"</p></article></body></html>"
    assert own_site.send("POST", "/api/v1/extract", page, content_type="text/html").status == 200
    assert (
        own_site.send("POST", "/api/v1/validate", b"<a:a> <a:b> 5 .", content_type="text/turtle").status
        == 200
    )
    assert own_site.send("PUT", GRAPH, b"<a:a> <a:b> [", content_type="text/turtle", **token).status == 400
    sent = json.dumps({"text": TEXT.decode(), "id": "parsed-elsewhere"}).encode()
    stored = own_site.send("POST", "/api/v1/documents", sent, content_type="application/json", **token)
    assert stored.status == 201
    assert own_site.send("DELETE", "/api/v1/documents/parsed-elsewhere", **token).status == 204


def test_text_is_read_no_further_when_its_client_has_gone(filled: str) -> None:
    others = _children(os.getpid())
    with serving(filled) as site:
        assert site.send("POST", "/api/v1/extract", TEXT, content_type="text/plain").status == 200
        started = {*_children(os.getpid())} - {*others}
        [process] = [it for it in started if b"extraction_worker" in _command(it)]
        with socket.create_connection(("127.0.0.1", site.port)) as client:
            client.sendall(
                b"POST /api/v1/extract HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(PDF), PDF)
            )
            until(lambda: _children(process))
        until(lambda: not _children(process))
        told = site.send("GET", "/metrics").body.decode()
        assert 'status="422"' not in told  # it was not the bound on its time that ended it


def test_memory_is_given_back_only_when_nothing_has_been_read_for_a_while() -> None:
    async def work() -> int:
        loop, planned = asyncio.get_running_loop(), list[asyncio.TimerHandle]()
        workers = ExtractionWorkers()

        def call_later(delay: float, callback: Callable[..., object], *arguments: object) -> object:
            handle = loop.call_at(loop.time() + delay, callback, *arguments)
            if callback == workers.close:
                planned.append(handle)
            return handle

        loop.call_later = call_later  # type: ignore[method-assign, assignment]
        try:
            await asyncio.gather(*(workers.extract(Upload(TEXT, "text/plain")) for _ in range(3)))
        finally:
            workers.close()
        return sum(not handle.cancelled() for handle in planned[:-1])

    assert asyncio.run(work()) == 0


def test_what_is_read_while_the_process_for_texts_ends_is_not_called_too_hard() -> None:
    async def work() -> None:
        workers = ExtractionWorkers()
        try:
            await workers.extract(Upload(TEXT, "text/plain"))
            assert workers._process is not None
            reading = asyncio.ensure_future(workers.extract(Upload(PDF, "application/pdf")))
            while not _children(workers._process.pid):
                await asyncio.sleep(0.01)
            workers._process.kill()
            with pytest.raises(BusyError):
                await reading
            assert await workers.extract(Upload(TEXT, "text/plain"))
        finally:
            workers.close()

    asyncio.run(work())


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
