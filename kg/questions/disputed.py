"""What an answer must say where it rests on passages of which reviewers do not agree what they say."""

from collections.abc import Sequence

from kg.questions.citation import Citation
from kg.questions.evidence import PREFIXES
from kg.questions.phrases import Phrases
from kg.store import Store
from kg.store.results import NamedNode

__all__ = ["caveat_of_reviews"]

_QUOTED = 2  # passages that are quoted


def caveat_of_reviews(store: Store, words: Phrases, citations: Sequence[Citation]) -> str:
    """The sentence for an answer; empty if nobody disputes what it rests on.

    Args:
        store: Where the reviews are.
        words: The language of the answer.
        citations: What the answer rests on.
    """
    if not citations:
        return ""
    documents = " ".join(str(NamedNode(iri)) for iri in dict.fromkeys(it.document for it in citations))
    query = f"""{PREFIXES}
SELECT DISTINCT ?document ?start ?end WHERE {{
  ?it kg:reviewStatus kg:Disputed ; kg:reportedIn ?document ; kg:evidence ?passage .
  VALUES ?document {{ {documents} }}
  ?passage oa:start ?start ; oa:end ?end
}}"""
    spans = {(row[0], int(row[1] or 0), int(row[2] or 0)) for row in store.select(query).texts()}
    found = [
        it.exact
        for it in citations
        if any(iri == it.document and start < it.end and it.start < end for iri, start, end in spans)
    ]
    if not found:
        return ""
    return words.say(
        " Disputed: reviewers do not agree on what was read of {passages}.",
        "有争议：审阅者对{passages}的读法意见不一。",
        passages=words.listed((f"“{it}”" for it in found), most=_QUOTED),
    )
