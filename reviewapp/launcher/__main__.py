"""The command line of `./dev up`."""

from __future__ import annotations

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType

from reviewapp.launcher import Refusal
from reviewapp.launcher.state import DataDirectory, default_data_directory
from reviewapp.launcher.supervisor import StartOptions, Supervisor, print_line

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """A signal asked the program to stop; no `except Exception` may catch it."""


def _request_stop(number: int, frame: FrameType | None) -> None:
    # Stopping takes a few seconds and must not be interrupted.
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    print_line("\nStopping …")
    raise StopRequested


def _start_options(arguments: list[str]) -> StartOptions:
    parser = argparse.ArgumentParser(
        prog="dev up", description="Start PostgreSQL, Valkey, web, worker and beat."
    )
    parser.add_argument("--port", type=int, help="default: 8000 or the next free port")
    parser.add_argument("--data", type=Path, help="default: the user's data directory")
    parser.add_argument("--demo", action="store_true", help="load the demo review")
    given = parser.parse_args(arguments)
    if given.port is not None and not 0 < given.port < 65536:
        parser.error("--port must be between 1 and 65535")
    wishes = StartOptions(
        default_data_directory(), port=given.port, with_demo=given.demo
    )
    if given.data is None:
        return wishes
    return replace(wishes, place=DataDirectory(given.data.expanduser().absolute()))


def main() -> int:
    """Run until a signal; return 0, or 1 after a message if the program can't start."""
    if sys.platform == "win32":
        raise SystemExit("reviewapp runs on Linux and macOS. On Windows, use WSL2.")
    wishes = _start_options(sys.argv[1:])
    for each in SIGNALS:
        # nohup has set SIGHUP to be ignored; keep that.
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, _request_stop)
    try:
        Supervisor(wishes).run()
    except StopRequested:
        print_line("Stopped.")
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"reviewapp can't continue: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
