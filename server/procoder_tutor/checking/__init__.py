"""Prose held against code: which sentences of a model may be shown.

`procoder_tutor.check` judges sentences as they stream in. Here a module per family finds claims,
`evidence` finds words that nothing in the code explains, and `reading` is the code as they look
at it. The tables of words are in data/. docs/checking.md says what was measured.
"""
