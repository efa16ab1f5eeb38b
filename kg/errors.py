"""Every deliberate error of the package.

The tree, with exit code and HTTP status:

    KgError                        1  500
    ├── InputError                 2  400   what the caller gave cannot be used
    │   ├── UnreadableDocumentError  2  400   a file that holds no readable document
    │   ├── RdfSyntaxError         2  400   RDF text that does not parse
    │   ├── QueryError             2  400   a query that does not parse or cannot run
    │   │   ├── UnknownParameterError  2  400   a parameter that a query or an address does not have
    │   │   └── QuerySyntaxError   2  400   a query or update that does not parse
    │   ├── UnauthorizedError      2  401   a write without the token
    │   ├── ForbiddenError         2  403   what this server does not do for anybody
    │   ├── NotFoundError          2  404   a name that leads nowhere
    │   ├── NotAcceptableError     2  406   an answer in a form that nobody can give
    │   ├── TooLargeError          2  413   more than is read
    │   ├── UnsupportedMediaTypeError  2  415   a request in a form that nobody can read
    │   └── TooManyRequestsError   2  429   a client that sends more than its share
    ├── RefusedError               1  422   sound input that a check refused
    │   ├── TakenError             1  409   a document under the identifier of another one
    │   ├── CitationMismatchError  1  422   a quotation that is not in its document
    │   ├── UnknownTermError       1  422   a name that the ontology does not have
    │   ├── NonConformingError     1  422   an update whose outcome breaks the shapes
    │   ├── QueryTooCostlyError    1  422   a query that needs more memory than it may have
    │   └── TooHardError           1  422   a text that takes more time or memory than a stranger's may
    ├── QueryTimeoutError          1  504   a query that ran into its deadline
    ├── BusyError                  1  503   no room for another query now
    │   └── NoMemoryFreeError      1  503   other queries use the memory that this one needs
    ├── ResourceError              1  500   a file of the package that is missing or broken
    └── StoreError                 3  503   the store cannot be opened or written
        └── NoSpaceError           3  503   the disk is full
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches


class KgError(Exception):
    """Base of every error that the package raises on purpose; its text is meant for people."""

    exit_code = 1
    http_status = 500
    retry_after: int | None = None  # seconds after which the same may work

    def details(self) -> dict[str, object]:
        """What a program may want to know beyond the text, by name."""
        return {}

    def __reduce__(self) -> "tuple[Callable[..., KgError], tuple[object, ...]]":
        # From one process to another: its own constructor may want more than its text.
        return _rebuilt, (type(self), str(self), vars(self))


def _rebuilt(kind: type[KgError], text: str, known: Mapping[str, object]) -> KgError:
    made = kind.__new__(kind)
    Exception.__init__(made, text)
    vars(made).update(known)
    return made


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
        super().__init__(where, problem)
        self.where, self.problem = where, problem

    def __str__(self) -> str:
        return ": ".join(map(str, self.args))  # of one that another process raised, there is only the text


class RdfSyntaxError(InputError):
    """RDF text does not parse."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


class QueryError(InputError):
    """A query does not parse or cannot be run."""


class UnknownParameterError(QueryError):
    """A query, or an address, was given a parameter that it does not have."""

    def __init__(self, what: str, name: str, *, known: Iterable[str]) -> None:
        names = sorted(known)
        takes = ", ".join(names) or "none"
        near = get_close_matches(name, names, 1)
        super().__init__(
            f"{what} has no parameter {name[:200]!r}; it takes {takes}"
            + (f"; did you mean {near[0]!r}?" if near else "")
        )


class QuerySyntaxError(QueryError):
    """A query or an update does not parse.

    Args:
        problem: What the parser says.
        line: Line of the text, counted from 1; `None` if it is not known.
        column: Column in that line, counted from 1.
    """

    def __init__(self, problem: str, line: int | None = None, column: int | None = None) -> None:
        where = "" if line is None else f" in line {line}, column {column}"
        super().__init__(f"syntax error{where}: {problem}")
        self.problem, self.line, self.column = problem, line, column

    def details(self) -> dict[str, object]:
        """Line and column, if they are known."""
        return {} if self.line is None else {"line": self.line, "column": self.column}


class UnauthorizedError(InputError):
    """Somebody wants to write without the token."""

    http_status = 401


class ForbiddenError(InputError):
    """This server does not do that, whoever asks."""

    http_status = 403


class NotFoundError(InputError):
    """A name leads nowhere."""

    http_status = 404


class NotAcceptableError(InputError):
    """A client takes none of the media types that an answer can have."""

    http_status = 406

    def __init__(self, accept: str, *, known: Iterable[str]) -> None:
        super().__init__(f"nothing to offer for Accept: {accept}; take {', '.join(known)}")


class TooLargeError(InputError):
    """What was sent is longer than what is read.

    Args:
        what: What was sent.
        limit: How long it may be.
        unit: Of what.
    """

    http_status = 413

    def __init__(self, what: str, limit: int, unit: str = "bytes") -> None:
        super().__init__(f"{what} is longer than {limit} {unit}")


class UnsupportedMediaTypeError(InputError):
    """A request came in a media type that is not read."""

    http_status = 415

    def __init__(self, media_type: str, *, known: Iterable[str]) -> None:
        super().__init__(f"a body of type {media_type or 'unknown'!r} is not read; send {', '.join(known)}")


class TooManyRequestsError(InputError):
    """A client sends more than its share."""

    http_status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many requests from this address; try again in {retry_after} s")
        self.retry_after = retry_after


class RefusedError(KgError):
    """Input that could be read was refused by a check."""

    http_status = 422


class TakenError(RefusedError):
    """A document has the identifier of another one."""

    http_status = 409


class CitationMismatchError(RefusedError):
    """A quotation does not stand in its document where it says."""

    def __init__(self, document: str, quote: str) -> None:
        super().__init__(f"{document}: the quotation {quote!r} does not stand in the body where it is cited")


class UnknownTermError(RefusedError):
    """A statement uses a name that the ontology does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the ontology has no term {name!r}; docs/reference/terms.md lists them all")


class NonConformingError(RefusedError):
    """The outcome of an update breaks the shapes.

    Args:
        problem: The first violation, in one line.
        report: The SHACL report in Turtle.
    """

    def __init__(self, problem: str, report: str) -> None:
        super().__init__(problem)
        self.report = report

    def details(self) -> dict[str, object]:
        """The SHACL report in Turtle."""
        return {"report": self.report}


class QueryTooCostlyError(RefusedError):
    """A query needs more memory than it may have, or is nested too deeply."""


class TooHardError(RefusedError):
    """To read or check something takes more time or memory than what strangers send may take."""


class QueryTimeoutError(KgError):
    """A query ran into its deadline."""

    http_status = 504

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the query was ended after {seconds:g} s; ask for less: "
            "name more of what you know, or put LIMIT into a subquery"
        )


class BusyError(KgError):
    """There is no room for another query now."""

    http_status = 503
    retry_after = 2


class NoMemoryFreeError(BusyError):
    """Other queries use the memory that this one needs."""

    def __init__(self) -> None:
        super().__init__("other queries use the memory that this one needs; try again in a moment")


class ResourceError(KgError):
    """A file that belongs to the package is missing or broken."""


class StoreError(KgError):
    """The store cannot be opened, read or written."""

    exit_code = 3
    http_status = 503


class NoSpaceError(StoreError):
    """The disk is full; what is stored is whole."""

    def __init__(self, what: str = "the disk of the store") -> None:
        super().__init__(f"there is no space left on {what}; make room and try again")
