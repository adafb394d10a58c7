"""Runs the commands of `stayahead`, and puts the concrete parts together for them: no other folder names any.

Exit codes: 0 done; 1 the command failed, and the last line says why and what to do; 2 the words of the command are off;
3 what was asked for is not there; 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from stayahead.cli.parser import make_parser
from stayahead.cli.terminal import say
from stayahead.errors import StayAheadError, UnknownArticle, UnknownSession, UnknownSource, UnknownStory

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = make_parser().parse_args(argv)
    try:
        code: int = arguments.act(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output is gone; there is nobody to tell
        return 1
    except (FileNotFoundError, UnknownArticle, UnknownSession, UnknownSource, UnknownStory) as error:
        say(f"stayahead: {_plain(error)}", to_errors=True)
        return 3
    except (StayAheadError, OSError) as error:
        say(f"stayahead: {_plain(error)}", to_errors=True)
        return 1
    return code


def _plain(error: BaseException) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__
