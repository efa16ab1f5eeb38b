"""How to cite a page, in the two forms that reference managers read."""

import json
import re
from dataclasses import dataclass

__all__ = ["Citation", "cite"]

_SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_",
            "$": r"\$", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference as BibTeX and as CSL-JSON."""

    bibtex: str
    csl: str


def cite(title: str, url: str, *, author: str | None = None, issued: str | None = None) -> Citation:
    """A reference to a page, or to the document that it shows.

    Args:
        title: Its heading.
        url: Its permanent address.
        author: Who published it; without one, this project.
        issued: `YYYY-MM-DD`, as precise as it is known.
    """
    by = author or "uschina-kg"
    key = "-".join(re.findall(r"[a-z0-9]+", url.rsplit("/id/", 1)[-1].lower()))[-60:].strip("-")
    fields = {"title": f"{{{_tex(title)}}}", "author": f"{{{_tex(by)}}}", "year": (issued or "")[:4],
              "date": issued or "", "url": url}  # fmt: skip
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    item: dict[str, object] = {
        "id": key,
        "type": "webpage",
        "title": title,
        "author": [{"literal": by}],
        "URL": url,
    }
    if issued:
        item["issued"] = {"date-parts": [[int(part) for part in issued.split("-")]]}
    return Citation(f"@online{{{key},\n{lines}}}", json.dumps([item], ensure_ascii=False, indent=2))


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))
