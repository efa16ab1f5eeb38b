"""Every deliberate error of the package.

The tree, with exit code and HTTP status:

    KgError                        1  500
    ├── InputError                 2  400   what the caller gave cannot be used
    │   ├── UnreadableDocumentError  2  400   a file that holds no readable document
    │   ├── RdfSyntaxError         2  400   RDF text that does not parse
    │   ├── QueryError             2  400   a query that does not parse or cannot run
    │   │   └── UnknownParameterError  2  400   a parameter that the query does not have
    │   ├── NotFoundError          2  404   a name that leads nowhere
    │   ├── NotAcceptableError     2  406   an answer in a form that nobody can give
    │   └── UnsupportedMediaTypeError  2  415   a request in a form that nobody can read
    ├── RefusedError               1  422   sound input that a check refused
    │   ├── CitationMismatchError  1  422   a quotation that is not in its document
    │   └── UnknownTermError       1  422   a name that the ontology does not have
    ├── ResourceError              1  500   a file of the package that is missing or broken
    └── StoreError                 3  503   the store cannot be opened or written
"""

from collections.abc import Iterable


class KgError(Exception):
    """Base of every error that the package raises on purpose; its text is meant for people."""

    exit_code = 1
    http_status = 500


class InputError(KgError):
    """What the caller gave cannot be used."""

    exit_code = 2
    http_status = 400


class UnreadableDocumentError(InputError):
    """A file holds no document that can be read.

    Args:
        where: The file, with the line after a colon where it is known.
        problem: What is wrong, then what would be right.
    """

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


class RdfSyntaxError(InputError):
    """RDF text does not parse."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


class QueryError(InputError):
    """A query does not parse or cannot be run."""


class UnknownParameterError(QueryError):
    """A query was given a parameter that it does not have."""

    def __init__(self, query: str, name: str, *, known: Iterable[str]) -> None:
        takes = ", ".join(sorted(known)) or "none"
        super().__init__(f"query {query!r} has no parameter {name!r}; it takes {takes}")


class NotFoundError(InputError):
    """A name leads nowhere."""

    http_status = 404


class NotAcceptableError(InputError):
    """A client takes none of the media types that an answer can have."""

    http_status = 406

    def __init__(self, accept: str, *, known: Iterable[str]) -> None:
        super().__init__(f"nothing to offer for Accept: {accept}; take {', '.join(known)}")


class UnsupportedMediaTypeError(InputError):
    """A request came in a media type that is not read."""

    http_status = 415

    def __init__(self, media_type: str, *, known: Iterable[str]) -> None:
        super().__init__(f"a body of type {media_type or 'unknown'!r} is not read; send {', '.join(known)}")


class RefusedError(KgError):
    """Input that could be read was refused by a check."""

    http_status = 422


class CitationMismatchError(RefusedError):
    """A quotation does not stand in its document where it says."""

    def __init__(self, document: str, quote: str) -> None:
        super().__init__(f"{document}: the quotation {quote!r} does not stand in the body where it is cited")


class UnknownTermError(RefusedError):
    """A statement uses a name that the ontology does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the ontology has no term {name!r}; docs/reference/terms.md lists them all")


class ResourceError(KgError):
    """A file that belongs to the package is missing or broken."""


class StoreError(KgError):
    """The store cannot be opened, read or written."""

    exit_code = 3
    http_status = 503
