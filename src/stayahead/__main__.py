"""`python -m stayahead`: the same as the command `stayahead`."""

import sys

from stayahead.cli import main

if __name__ == "__main__":
    sys.exit(main())
