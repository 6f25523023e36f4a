"""The HTTP side: routes, bodies, answers, access, limits, metrics and logs."""
