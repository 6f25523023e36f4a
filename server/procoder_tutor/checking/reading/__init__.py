"""Code read for the detectors: labels, shapes of values, branches, actions, names."""
