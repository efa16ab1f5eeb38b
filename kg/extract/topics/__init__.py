"""Finds what an exchange was about, and what it was said not to be about."""
