"""How each kind of question is answered: one module a kind, and what they share."""
