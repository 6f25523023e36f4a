"""Facts as people read them: the parts of a card, Markdown without anything active."""
