"""What people find of statements: right, wrong, to be put otherwise, missing; and what follows from it."""

from kg.review.apply import Applied, Mark, Status, apply, in_force
from kg.review.record import decode, encode, now, review_id
from kg.review.stored import Reviews, digest

__all__ = [
    "Applied",
    "Mark",
    "Reviews",
    "Status",
    "apply",
    "decode",
    "digest",
    "encode",
    "in_force",
    "now",
    "review_id",
]
