"""Write the inventory data anew from an `objects.inv` of Python's documentation.

python -m procoder_tutor.documentation.regenerate /usr/share/doc/python3.11/html/objects.inv
"""

import sys
from pathlib import Path

from procoder_tutor.documentation.inventory import DATA, Inventory


def main(source: Path, target: Path) -> None:
    """Convert one file into the other."""
    target.write_bytes(Inventory.from_sphinx(source.read_bytes()).to_json())


if __name__ == "__main__":
    main(Path(sys.argv[1]), DATA)
