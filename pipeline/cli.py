"""The command line `ziping` (命令行)."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

import shtab

from pipeline.commands.command_line import build_parser
from pipeline.exit_codes import INTERRUPTED, OK, UNREADABLE, WRONG_USE
from pipeline.streams import lenient_streams
from schemas.errors import ConfigError, ReadError, StoreError

_NOT_ON_WINDOWS = "ziping 需要 Linux 或 macOS 的文件锁和符号链接；在 Windows 上请用 WSL 运行。"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is documented in `ziping ingest --help`."""
    lenient_streams()
    given = sys.argv[1:] if arguments is None else arguments
    parser = build_parser()
    options = parser.parse_args(given or ["--help"])
    if options.command == "completion":
        print(shtab.complete(parser, options.shell))
        return OK
    if refusal := _refusal(options):
        print(refusal, file=sys.stderr)
        return WRONG_USE
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped by a service manager: as orderly as Ctrl-C
    try:
        return _run(options)
    except (ConfigError, StoreError) as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except ReadError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    except KeyboardInterrupt:
        print("已中断，数据集未改动。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `| head` has seen enough
        return OK


def _refusal(options: argparse.Namespace) -> str:
    """Why a command cannot be run at all; empty text where it can."""
    if sys.platform == "win32" and options.command != "schema":
        return _NOT_ON_WINDOWS
    output = getattr(options, "output", "")
    return f"输出目录不能是 {output}；数据集写在本机磁盘上，发布用 ziping publish。" if "://" in output else ""


def _run(options: argparse.Namespace) -> int:
    from pipeline.commands import actions

    return {
        "ingest": actions.ingest,
        "nightly": actions.nightly,
        "sources": actions.sources,
        "schedule": actions.schedule,
        "show": actions.show,
        "audit": actions.audit,
        "quarantine": actions.quarantine,
        "reprocess": actions.reprocess,
        "snapshots": actions.snapshots,
        "desk": actions.desk,
        "verify": actions.verify,
        "publish": actions.publish,
        "export": actions.export,
        "profile": actions.profile,
        "schema": actions.schema,
    }[options.command](options)


if __name__ == "__main__":
    sys.exit(main())
