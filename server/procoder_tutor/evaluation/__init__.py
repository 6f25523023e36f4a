"""How well a model explains code through ProCoder, beside the same model asked plainly.

`subjects` are the functions that are explained, with facts and docstrings written by hand, `arms`
the two ways of asking, `judge` and `invented` find what is wrong with a sentence, `figures` adds
up, and `embedding` compares texts. The checker that decides what ProCoder shows is no judge here.
"""
