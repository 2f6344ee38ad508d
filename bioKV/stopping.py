"""Ctrl-C, SIGTERM and a hang-up end a command alike: in one sentence, with exit code 130, at every moment.

Only the `biokv` command listens; a program that imports bioKV keeps its own handlers. A signal that was ignored when
the command began (`biokv ... &` in a script, nohup) stays ignored.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

CODE = 130  # as a shell has it for Ctrl-C; the same for all three, so that a script need not tell them apart
NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is unknown to Windows
SIGNALS = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
_came: int | None = None  # the last of these signals
_one_at_a_time = threading.RLock()


def is_command() -> bool:
    """Whether this process is the `biokv` command or `python -m bioKV`, seen from where bioKV is imported.

    Returns
    -------
    bool
    """
    as_module = any(pair == ("-m", "bioKV") for pair in zip(sys.orig_argv, sys.orig_argv[1:], strict=False))
    return as_module or Path(sys.argv[0]).stem == "biokv"


def was_asked() -> bool:
    """Whether one of the signals came. Then every exception is a consequence: interrupted code may raise any other.

    Returns
    -------
    bool
    """
    return _came is not None


def _listen(handler: Any) -> None:
    for one in SIGNALS:
        if signal.getsignal(one) != signal.SIG_IGN:
            signal.signal(one, handler)


def leave_at_once_while_importing() -> None:
    """Have a signal end a command where it is, whatever module is being loaded, for nothing has begun."""
    if is_command():
        _listen(_leave)


def _leave(number: int, frame: FrameType | None) -> None:
    with suppress(OSError):
        os.write(2, b"biokv: stopped before anything began\n")
    os._exit(CODE)


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _came
    _came = number
    raise KeyboardInterrupt


def _once_more(unraisable: Any) -> None:
    """Where Python must drop an exception (in a `__del__`, say) an interrupt would be lost: it comes again."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt) and _came is not None:
        # a real signal, to the main thread: it ends what that waits for, too
        again = threading.Timer(0.05, signal.pthread_kill, (threading.main_thread().ident, _came))
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(unraisable)


def _last(kind: type[BaseException], problem: BaseException, traceback: Any) -> None:
    """What nobody caught: a signal during the last few lines of a command that is being stopped."""
    if not was_asked():
        sys.__excepthook__(kind, problem, traceback)
        return
    say_stopped(problem)
    os._exit(CODE)


@contextmanager
def handlers_kept() -> Iterator[None]:
    """Have packages that this thread imports within take no signal: signals stay the caller's, ignored ones, too.

    Only the main thread can take a signal. On another one such a package could not be imported without this.

    Yields
    ------
    None
    """
    with _one_at_a_time:
        here, set_handler = threading.get_ident(), signal.signal

        def not_from_here(number: Any, handler: Any) -> Any:
            return signal.getsignal(number) if threading.get_ident() == here else set_handler(number, handler)

        signal.signal = not_from_here  # type: ignore[assignment]
        try:
            yield
        finally:
            signal.signal = set_handler


@contextmanager
def stopped_as(words: str) -> Iterator[None]:
    """Have a KeyboardInterrupt within go on with words of its own.

    Parameters
    ----------
    words : str
        What was kept, and how to go on.

    Yields
    ------
    None
    """
    try:
        yield
    except KeyboardInterrupt as problem:
        raise KeyboardInterrupt(str(problem) or words) from None
    except BaseException:
        if was_asked():
            raise KeyboardInterrupt(words) from None
        raise


def say_stopped(problem: BaseException | None = None) -> None:
    """Say the last sentence: that of a KeyboardInterrupt with words, or a short one.

    What comes after is not stopped again.

    Parameters
    ----------
    problem : BaseException
        The exception that ended the command. None (default): there is none at hand.
    """
    if was_asked():
        _listen(signal.SIG_IGN)
        exec("")  # else Python, if it was interrupted in code given as text, ends by SIGINT whatever the exit code
    words = str(problem) if isinstance(problem, KeyboardInterrupt) else ""
    for stream, line in ((sys.stdout, ""), (sys.stderr, f"biokv: {words or 'stopped'}\n")):
        try:
            stream.write(line)
            stream.flush()
        except (OSError, ValueError):  # the terminal is gone: what is left for it must not fail at the very end
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def stoppable(main: Callable[[], Any]) -> Callable[[], Any]:
    """A command's main function, such that the signals end it as said above.

    Parameters
    ----------
    main : callable
        The function, which takes nothing.

    Returns
    -------
    callable
        Which returns what main does, or raises SystemExit.
    """

    def listening() -> Any:
        try:
            sys.unraisablehook, sys.excepthook = _once_more, _last
            _listen(_interrupt)
            return main()
        except SystemExit as end:
            if not was_asked() or end.code in (None, 0, CODE):
                raise
            sys.exit(CODE)
        except BaseException as problem:
            if not was_asked() and not isinstance(problem, KeyboardInterrupt):
                raise
            say_stopped(problem)
            sys.exit(CODE)
        finally:
            _listen(signal.SIG_IGN)  # all is done but for Python's own end

    return listening
