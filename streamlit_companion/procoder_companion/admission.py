"""Who may see the pages of a companion that serves one user.

Other users of the machine reach its port, too. So the address that the launcher announces carries
a secret, as Jupyter's does, and stays in the browser's address bar, so that a page can be reloaded.
"""

import hmac
import os

import streamlit as st

from procoder_companion.state import Session

ADMISSION_VARIABLE = "PROCODER_COMPANION_KEY"
ADMISSION_PARAMETER = "key"


def admitted(tab: Session) -> bool:
    """Tell whether a tab was opened by the announced address."""
    secret = os.environ.get(ADMISSION_VARIABLE, "")
    given = str(st.query_params.get(ADMISSION_PARAMETER, ""))
    if not tab.admitted:
        tab.admitted = bool(secret) and hmac.compare_digest(given.encode(), secret.encode())
    elif given != secret:
        st.query_params[ADMISSION_PARAMETER] = secret
    return tab.admitted
