"""Prose held against code: which sentences of a model may be shown.

`procoder_tutor.check` judges sentences as they stream in. Here a module per family finds claims (`inputs`, `outputs`,
`conditions`, `constructs`, `values`, `effects`, `names`, `numbers`), `evidence` finds words that
nothing in the code explains, and `code` is the code as they look at it.
"""
