"""The ``kgtool`` command: where every error becomes one sentence and an exit code."""

from __future__ import annotations

import os
import sys

from kgtool.errors import KgError

__all__ = ["main", "script"]


def main(args: list[str] | None = None) -> int:
    """Run kgtool with command-line arguments, by default those of the process.

    :returns: 0 fine, 1 findings, 2 could not run; 130 interrupted, 141 the reader of the output went away.
    """
    # A process may be started with a stream closed: what would go there goes nowhere.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    sys.stdout.reconfigure(encoding="utf-8", errors="strict")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _run(sys.argv[1:] if args is None else args)
        sys.stdout.flush()
        return code
    except KgError as exc:
        print(f"kgtool: {exc}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        _give_up_stdout()
        return 141
    except OSError as exc:
        if exc.filename is not None:
            raise  # a file's, which whoever opened it should have explained
        _give_up_stdout()
        print(f"kgtool: cannot write the answer to stdout: {exc.strerror}; is the disk full?", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        from kgtool.cli.interrupt import INTERRUPTED

        print(INTERRUPTED, file=sys.stderr)
        return 130


def _give_up_stdout() -> None:
    """Python flushes stdout once more at exit; give it a place where that works."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(args: list[str]) -> int:
    # Importing click costs more than answering a query: the plain form of the command most used goes without.
    if _asks(args):
        from kgtool.cli.quick import answer

        at = 0 if args[0] == "query" else 2
        code = answer([*args[at + 1 :], *args[:at]])
        if code is not None:
            return code
    from kgtool.cli.main import run

    return run(args)


def _asks(args: list[str]) -> bool:
    """Say whether these words are those of ``[--project DIR] query …``."""
    return args[:1] == ["query"] or (args[:1] == ["--project"] and args[2:3] == ["query"])


def script() -> None:
    """Be the installed command: :func:`main` as a process of its own."""
    if not {"mcp", "serve"} & set(sys.argv[1:]):  # a server ends in its own way
        from kgtool.cli.interrupt import watch

        watch()
    code = main()
    if _asks(sys.argv[1:]):
        # A query leaves nothing to tidy up: not freeing its memory piece by piece saves 8 ms of some 80.
        # main has flushed stdout, or said why it cannot be written.
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    script()
