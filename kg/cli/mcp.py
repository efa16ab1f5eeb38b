"""`kg mcp`: the graph for language models, by the Model Context Protocol."""

import click

from kg.cli import options
from kg.settings import Settings, settings
from kg.store import open_store


@click.command()
@click.option(
    "--http", "port", type=click.IntRange(0, 65535), metavar="PORT",
    help="Serve streamable HTTP at this port of 127.0.0.1 instead of standard input and output.",
)  # fmt: skip
@options.store
@options.verbose
def command(port: int | None, store_url: str) -> None:
    """Serve tools for asking, searching, looking up and SPARQL to a language model.

    \b
    kg mcp                      over standard input and output, as desktop clients start it
    kg mcp --http 8001          at http://127.0.0.1:8001/mcp
    """
    from kg.mcp import create_server  # only here, since it takes a second to import

    chosen = Settings(**{**settings().model_dump(), "store": store_url})
    with open_store(store_url) as store:
        server = create_server(store, chosen)
        if port is None:
            server.run("stdio")
        else:
            server.run("streamable-http", host="127.0.0.1", port=port)
