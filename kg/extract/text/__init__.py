"""From a body to blocks that can be parsed: the analysis text, its blocks, what is found in them."""
