"""The command `procoder`: composes the parts, and imports each only when it is asked for."""
