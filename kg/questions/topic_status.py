"""How a topic stands in an event: discussed, excluded, both by different accounts, or not mentioned."""

import re

from kg.questions.intent import NEGATIONS
from kg.questions.stemming import concepts
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE

YES_NO = re.compile(r"^\s*(?:and\s+)?(?:was|were|did|is|are|has|have|do|does)\b", re.IGNORECASE)
_QUERY = f"""PREFIX kg: <{BASE}ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?relation ?polarity ?account WHERE {{
  VALUES ?relation {{ kg:discussedTopic kg:mainTopic kg:excludedTopic }}
  ?fact rdf:subject %s ; rdf:predicate ?relation ; rdf:object ?topic ; kg:polarity ?polarity .
  ?topic skos:broader* %s .
  OPTIONAL {{ ?fact kg:account/rdfs:label ?account FILTER(LANG(?account) = "en") }}
}} ORDER BY ?relation ?account"""


def is_yes_no(question: str) -> bool:
    """Whether a question wants yes or no."""
    return YES_NO.search(question) is not None


def topic_status(
    question: str, event: str, topic: str, store: Store, occasion: str, name: str, account: str = ""
) -> str:
    """Whether a topic was raised in an event, in a sentence that tells silence from exclusion.

    Args:
        question: The words; “was it left out?” turns yes and no around.
        event: IRI of the event.
        topic: IRI of the topic; those below it count.
        store: Where to look.
        occasion: The event in words.
        name: The topic in words.
        account: Label of the only account that is asked for (“in the *Chinese* readout”).
    """
    raised, left_out = _accounts(event, topic, store)
    if account:
        raised, left_out = raised & {account}, left_out & {account}
    is_turned = bool(NEGATIONS & {*concepts(question)})
    if raised and left_out:
        return (f"The accounts differ: {name} was discussed according to {_listed(raised)}, "
                f"and was not according to {_listed(left_out)} ({occasion}).")  # fmt: skip
    if raised:
        verdict = "No" if is_turned else "Yes"
        return f"{verdict}: {name} was discussed, according to {_listed(raised)} ({occasion})."
    if left_out:
        verdict = "Yes" if is_turned else "No"
        return f"{verdict}: documents say that {name} was not discussed, {_listed(left_out)} ({occasion})."
    who = f"The {account} does not say" if account else "No document says"
    return f"{who} whether {name} was discussed ({occasion}): it is not mentioned."


def _accounts(event: str, topic: str, store: Store) -> tuple[set[str], set[str]]:
    raised: set[str] = set()
    left_out: set[str] = set()
    for relation, polarity, account in store.select(_QUERY % (NamedNode(event), NamedNode(topic))).texts():
        is_raised = (relation or "").endswith("excludedTopic") != (polarity or "").endswith("Affirmed")
        (raised if is_raised else left_out).add(account or "the document")
    return raised, left_out


def _listed(accounts: set[str]) -> str:
    return " and ".join(
        f"the {account}" if not account.startswith("the ") else account for account in sorted(accounts)
    )
