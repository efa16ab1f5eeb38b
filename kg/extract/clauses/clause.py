"""How a text means what it tells: one judgement for each predicate, in no language in particular.

`judge` of a language (`kg.extract.clauses.en_factuality`) gives a `Judgement` for a word that names an
event or heads a clause. It is made once for each word, and events, topics and claims read nothing else to
tell whether something happened, was denied, is wished or is left open:

- An event exists if `status` is not `None`, and has this status. A measure is judged by the verb that takes
  it (“*scrapped* the tariffs”), any other event by the word that names it.
- A topic was raised if the verb of raising `happened`; it was left out if that `is_denied_plainly`.
- A proposition is `Negated` if its head is; `judge(head, rules, within=verb)` leaves out what governs it.
- What is `Hedged` is told with that certainty.
"""

from dataclasses import dataclass
from enum import Enum

from kg.model import Certainty, Polarity

__all__ = ["Factuality", "Judgement"]


class Factuality(Enum):
    """How a text means an event or a proposition; all but `HAPPENED` say that it does not tell of a fact."""

    HAPPENED = "happened"
    PLANNED = "planned"
    WISHED = "wished"
    DEMANDED = "demanded"
    THREATENED = "threatened"
    CONDITIONAL = "conditional"
    ASKED = "asked"  # or left open
    CANCELLED = "cancelled"
    UNREAL = "unreal"
    UNTRUE = "said to be untrue"


_STATUS = {Factuality.HAPPENED: "Occurred", Factuality.PLANNED: "Planned"}
_STATUS_OF_EXCHANGES = {**_STATUS, Factuality.WISHED: "Proposed", Factuality.CANCELLED: "Cancelled"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a text means one predicate.

    Attributes:
        polarity: Whether it is negated, seen from the whole sentence.
        factuality: Whether it happened, is planned, wished, …
        certainty: Whether it is put with a reservation.
        reason: The words that decided, for explanations.
    """

    polarity: Polarity = "Affirmed"
    factuality: Factuality = Factuality.HAPPENED
    certainty: Certainty = "Certain"
    reason: str = ""

    def status(self, *, is_exchange: bool) -> str | None:
        """Status of an event that is meant so; `None` if there is none to tell of.

        Args:
            is_exchange: Whether it is an exchange or an invitation, which may be proposed or cancelled; a
                measure or an agreement that is only wished for, or given up, is no event.
        """
        if self.polarity == "Negated":
            return None
        return (_STATUS_OF_EXCHANGES if is_exchange else _STATUS).get(self.factuality)

    @property
    def told_as(self) -> str:
        """The judgement in words."""
        said = self.factuality.value if self.polarity == "Affirmed" else f"negated ({self.factuality.value})"
        return f"{said}: “{self.reason}”" if self.reason else said

    @property
    def happened(self) -> bool:
        """Whether the text tells of it as a fact."""
        return self.polarity == "Affirmed" and self.factuality is Factuality.HAPPENED

    @property
    def is_denied_plainly(self) -> bool:
        """Whether the text says as a fact that it was not so."""
        return self.polarity == "Negated" and self.factuality is Factuality.HAPPENED
