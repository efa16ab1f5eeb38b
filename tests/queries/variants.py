"""Which values a question is tried with."""

from collections.abc import Iterator

from kg.queries import Query


def variants(query: Query) -> Iterator[dict[str, str]]:
    """The required values alone, each other one beside them, and all together."""
    examples = {name: it.example for name, it in query.parameters.items()}
    needed = {name: examples[name] for name in query.required}
    yield needed
    yield from ({**needed, name: examples[name]} for name in examples if name not in needed)
    yield examples
