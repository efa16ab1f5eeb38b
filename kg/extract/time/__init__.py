"""Expressions of time: dates, ranges, lengths, and their arithmetic."""
