"""`kg serve`: the endpoint over HTTP."""

import click
import uvicorn

from kg.cli import options
from kg.store import open_store
from kg.web import create_app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@options.quiet
@options.store
@options.verbose
def command(host: str, port: int, quiet: bool, store_url: str) -> None:
    """Serve SPARQL at /sparql. Loading goes on beside it; the server moves to what is new by itself.

    \b
    kg serve
    kg serve --port 9000
    curl 'http://127.0.0.1:8000/sparql' --data-urlencode 'query=ASK { ?s ?p ?o }'
    """
    with open_store(store_url) as store:
        server = uvicorn.Server(uvicorn.Config(create_app(store), host=host, port=port, log_level="warning"))
        listening = server.config.bind_socket()
        if not quiet:
            click.echo(
                f"Serving {store_url} at http://{host}:{listening.getsockname()[1]}/  (Ctrl+C stops it)"
            )
        server.run(sockets=[listening])
