"""Who says what: attribution, speakers, quotations, a document's own judgements, and the class of a claim."""
