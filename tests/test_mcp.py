"""The graph for a language model, asked by the protocol's own client."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from kg.mcp import create_server
from kg.settings import Settings
from kg.store import open_store
from tests.conftest import DOCUMENTS, SEEDS

ROOT = Path(__file__).parents[1]
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def url(stored: Callable[..., str]) -> str:
    return stored(*DOCUMENTS, *SEEDS)


def talk(url: str, what: Talk) -> Any:
    """What a conversation with the server gives."""
    with open_store(url) as store:
        server = create_server(store, Settings(store=url))  # type: ignore[call-arg]
        return asyncio.run(_conversation(Client(server), what))


def talk_to_command(url: str, what: Talk) -> Any:
    """What a conversation with `kg mcp` in a process of its own gives."""
    start = StdioServerParameters(command=sys.executable, args=["-m", "kg", "mcp", "--store", url])
    return asyncio.run(_conversation(Client(stdio_client(start)), what))


async def _conversation(opening: Client, what: Talk) -> Any:
    async with asyncio.timeout(300), opening as client:
        return await what(client)


def content(result: Any) -> Any:
    """The object that a tool gave back."""
    texts = [block.text for block in result.content]
    return json.loads(texts[0]) if len(texts) == 1 else [json.loads(text) for text in texts]


def test_tools_and_resources_are_listed(url: str) -> None:
    async def ask(client: Client) -> Any:
        tools, resources = await client.list_tools(), await client.list_resources()
        return {tool.name for tool in tools.tools}, {str(it.uri) for it in resources.resources}

    tools, resources = talk(url, ask)
    assert tools == {"ask", "search", "search_texts", "entity", "event", "reviews", "sparql"}
    assert resources == {"kg://ontology", "kg://questions"}


def test_tools_say_that_they_only_read(url: str) -> None:
    async def ask(client: Client) -> Any:
        return [it.annotations for it in (await client.list_tools()).tools]

    for told in talk(url, ask):
        assert (told.read_only_hint, told.open_world_hint) == (True, False)


def test_answers_are_bounded_and_said_once(url: str) -> None:
    async def ask(client: Client) -> Any:
        queries = (
            "SELECT * { ?s ?p ?o }",
            "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
            "SELECT ?b { ?d kg:body ?b }",
        )
        told = [await client.call_tool("sparql", {"query": it}) for it in queries]
        told.append(await client.call_tool("entity", {"name": "country/china"}))
        return [*told, await client.call_tool("search", {"text": "a", "limit": -1})]

    rows, triples, *others = talk(url, ask)
    for answer in (rows, triples, *others):
        assert not answer.is_error
        assert answer.structured_content is None
        assert sum(len(block.text) for block in answer.content) < 60_000
    found = json.loads(rows.content[0].text)
    assert found["cut"].startswith(f"the first {len(found['results']['bindings'])} rows")
    assert triples.content[0].text.splitlines()[-1].startswith("# the first ")
    china = content(others[1])
    assert china["citations_in_all"] >= len(china["citations"]) > 0


@pytest.mark.parametrize(
    ("tool", "name"),
    [
        ("entity", "person/nobody-at-all"),
        ("event", "call/2025-06-05-nobody"),
        ("event", "person/xi-jinping"),
        ("event", "<>"),
    ],
)
def test_unknown_thing_is_an_error(url: str, tool: str, name: str) -> None:
    async def ask(client: Client) -> Any:
        return await client.call_tool(tool, {"name": name})

    told = talk(url, ask)
    assert told.is_error
    assert name in told.content[0].text


def test_position_of_an_error_is_that_of_the_text(url: str) -> None:
    async def ask(client: Client) -> Any:
        return await client.call_tool("sparql", {"query": "SELECT *\n{ ?s kg:date nonsense }"})

    assert "line 2, column 22" in talk(url, ask).content[0].text


def test_conversation_is_answered_with_citations(url: str) -> None:
    async def ask(client: Client) -> Any:
        first = content(await client.call_tool("ask", {"question": "What was left out of the June 5 call?"}))
        again = {"question": "and who took part?", "context": first["context"]}
        found = content(await client.call_tool("search", {"text": "Xi Jin", "limit": 3}))
        path = "call/2025-06-05-donald-trump-xi-jinping"
        event = content(await client.call_tool("event", {"name": path}))
        texts = content(await client.call_tool("search_texts", {"words": "rare earths", "side": "third"}))
        assert "**" in texts["documents"][0]["passages"][0]["text"]
        assert texts["facets"]["side"][0]["documents"] == 1
        query = "SELECT ?t { id:call/x kg:discussedTopic ?t }".replace("id:call/x", "?c")
        rows = (await client.call_tool("sparql", {"query": query})).content[0].text
        wrong = await client.call_tool("sparql", {"query": "SELECT nonsense"})
        far = await client.call_tool(
            "sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> {?s ?p ?o} }"}
        )
        return first, content(await client.call_tool("ask", again)), found, event, rows, wrong, far

    first, second, found, event, rows, wrong, far = talk_to_command(url, ask)
    assert first["verdict"] == "sure"
    assert first["citations"][0]["exact"].endswith("were not discussed.")
    assert second["columns"][0] == "participant"
    assert "Donald Trump" in str(second["rows"])
    assert "person/xi-jinping" in str(found)
    assert any("excluded" in str(row["accounts"]) for row in event["topics"])
    assert event["documents"]
    assert json.loads(rows)["results"]["bindings"]
    assert wrong.is_error
    assert "syntax" in wrong.content[0].text
    assert far.is_error
