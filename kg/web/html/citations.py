"""How to cite a page, in the two forms that reference managers read."""

import json
import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from kg.views.hidden_characters import stripped

__all__ = ["Citation", "cite", "cite_source"]

_SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_",
            "$": r"\$", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference as BibTeX and as CSL-JSON.

    Attributes:
        bibtex: For LaTeX.
        csl: For most others.
        source: Where a document was published, if it is known.
    """

    bibtex: str
    csl: str
    source: str = ""


def cite(title: str, url: str) -> Citation:
    """A reference to a page of ours.

    Args:
        title: Its heading.
        url: The identifier of what it shows, or its address.
    """
    return _cited(title, url, "uschina-kg", "", url)


def cite_source(title: str, iri: str, *, source: str, publisher: str, issued: str) -> Citation:
    """A reference to a document where it was published, rather than to our copy.

    Args:
        title: Its heading.
        iri: Our identifier of it.
        source: Where it was published; what is no address on the web is left out.
        publisher: Who published it, which stands for its author; empty if nobody says.
        issued: `YYYY-MM-DD`, as precise as it is known.
    """
    address = source if source.startswith(("http://", "https://")) else ""
    return replace(_cited(title, address, publisher, issued, iri), source=address)


def _cited(title: str, url: str, by: str, issued: str, iri: str) -> Citation:
    title, by, url = stripped(title), stripped(by), stripped(url)
    key = "-".join(re.findall(r"[a-z0-9]+", iri.rsplit("/id/", 1)[-1].lower()))[-60:].strip("-")
    fields = {"title": f"{{{_tex(title)}}}", "author": f"{{{_tex(by)}}}" if by else "", "year": issued[:4],
              "date": issued, "url": _tex_url(url)}  # fmt: skip
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    item: dict[str, object] = {
        "id": key,
        "type": "webpage",
        "title": title,
    }
    if by:
        item["author"] = [{"literal": by}]
    if url:
        item["URL"] = url
    if issued:
        item["issued"] = {"date-parts": [[int(part) for part in issued.split("-")]]}
    return Citation(f"@online{{{key},\n{lines}}}", json.dumps([item], ensure_ascii=False, indent=2))


def _tex_url(url: str) -> str:
    return re.sub(r"[{}\\\s]", lambda it: quote(it[0]), url)


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))
