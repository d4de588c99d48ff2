"""`python -m convolab` is the command `convolab`; `torchrun -m convolab` starts it once a process."""

import sys

from convolab.cli import main

if __name__ == "__main__":
    sys.exit(main())
