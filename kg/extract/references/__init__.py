"""Who is meant: the names of a text, the agents that it introduces, and the words that lead back to them."""
