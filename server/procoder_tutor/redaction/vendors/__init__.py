"""The table of vendors' credentials, by what the vendors do.

Patterns were written from the pages named as `source`; `tests/data/documented_secrets.tsv` holds
the shapes from the same pages as the tests draw them.
"""

from typing import Final

from procoder_tutor.redaction.formats import Format
from procoder_tutor.redaction.vendors.cloud import CLOUD
from procoder_tutor.redaction.vendors.collaboration import COLLABORATION
from procoder_tutor.redaction.vendors.data import DATA
from procoder_tutor.redaction.vendors.delivery import DELIVERY
from procoder_tutor.redaction.vendors.infrastructure import INFRASTRUCTURE
from procoder_tutor.redaction.vendors.messaging import MESSAGING
from procoder_tutor.redaction.vendors.models import MODELS
from procoder_tutor.redaction.vendors.monitoring import MONITORING
from procoder_tutor.redaction.vendors.payment import PAYMENT
from procoder_tutor.redaction.vendors.registries import REGISTRIES

__all__ = ["VENDOR_FORMATS"]

VENDOR_FORMATS: Final[tuple[Format, ...]] = (
    *CLOUD,
    *INFRASTRUCTURE,
    *DELIVERY,
    *REGISTRIES,
    *PAYMENT,
    *MESSAGING,
    *MODELS,
    *DATA,
    *MONITORING,
    *COLLABORATION,
)
