"""The graph for a language model, asked by the protocol's own client over standard input and output."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from kg import ingest
from kg.store import open_store

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*sorted((ROOT / "tests" / "documents").iterdir()), *sorted((ROOT / "seeds").iterdir())]
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = f"oxigraph:{tmp_path_factory.mktemp('mcp') / 'store'}"
    pipeline = ingest.Pipeline()
    with open_store(place, write=True) as store:
        ingest.put_ontology(store, pipeline)
        [*ingest.load(DOCUMENTS, store, pipeline, max_bytes=1_000_000)]
    return place


def talk(url: str, what: Talk) -> Any:
    """What a conversation with `kg mcp` in a process of its own gives."""

    async def run() -> Any:
        start = StdioServerParameters(command=sys.executable, args=["-m", "kg", "mcp", "--store", url])
        async with Client(stdio_client(start)) as client:
            return await what(client)

    return asyncio.run(asyncio.wait_for(run(), 60))


def content(result: Any) -> Any:
    """The object that a tool gave back."""
    texts = [block.text for block in result.content]
    return json.loads(texts[0]) if len(texts) == 1 else [json.loads(text) for text in texts]


def test_tools_and_resources_are_listed(url: str) -> None:
    async def ask(client: Client) -> Any:
        tools, resources = await client.list_tools(), await client.list_resources()
        return {tool.name for tool in tools.tools}, {str(it.uri) for it in resources.resources}

    tools, resources = talk(url, ask)
    assert tools == {"ask", "search", "entity", "event", "sparql"}
    assert resources == {"kg://ontology", "kg://questions"}


def test_conversation_is_answered_with_citations(url: str) -> None:
    async def ask(client: Client) -> Any:
        first = content(await client.call_tool("ask", {"question": "What was left out of the June 5 call?"}))
        again = {"question": "and who took part?", "context": first["context"]}
        found = content(await client.call_tool("search", {"text": "Xi Jin", "limit": 3}))
        path = "call/2025-06-05-donald-trump-xi-jinping"
        event = content(await client.call_tool("event", {"name": path}))
        query = "SELECT ?t { id:call/x kg:discussedTopic ?t }".replace("id:call/x", "?c")
        rows = (await client.call_tool("sparql", {"query": query})).content[0].text
        wrong = await client.call_tool("sparql", {"query": "SELECT nonsense"})
        far = await client.call_tool(
            "sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> {?s ?p ?o} }"}
        )
        return first, content(await client.call_tool("ask", again)), found, event, rows, wrong, far

    first, second, found, event, rows, wrong, far = talk(url, ask)
    assert first["verdict"] == "sure"
    assert first["citations"][0]["exact"].endswith("were not discussed.")
    assert second["columns"][0] == "event"
    assert "Donald Trump" in str(second["rows"])
    assert "person/xi-jinping" in str(found)
    assert any("excluded" in str(row["accounts"]) for row in event["topics"])
    assert event["documents"]
    assert json.loads(rows)["results"]["bindings"]
    assert wrong.is_error
    assert "syntax" in wrong.content[0].text
    assert far.is_error
