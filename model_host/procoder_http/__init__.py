"""What every HTTP service of ProCoder stands on: listening, names, keys, request ids, logs.

It knows none of them, imports `procoder_protocol` alone, and leaves the web framework to the
modules that need it: a service binds its port before anything slow is imported.
"""
