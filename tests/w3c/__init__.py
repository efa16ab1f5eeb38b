"""The test suites of the W3C, and how they are run."""
