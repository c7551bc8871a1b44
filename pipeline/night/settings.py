"""ziping.toml: everything a nightly run needs to know (夜间运行的配置)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.night.robots import ROBOTS
from pipeline.processor import default_workers
from pipeline.reading.workers import Limits
from pipeline.sourcing.config import Source, sources_in
from pipeline.sourcing.config_tables import ConfigSection, read_toml
from schemas.errors import ConfigError

LOCAL_CLUSTER = "local"
"""`dask` of this value: a cluster on this machine."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Whom to tell, and of what besides failures (通知).

    `command` gets the message on its standard input; `webhook` as JSON. `nothing_new_days`: so many days without a new
    report; `unknown_forms_pct`: more than this share of the new reports have words nobody listed.
    """

    command: tuple[str, ...] = ()
    webhook: str | None = None
    webhook_kind: str | None = None
    """The kind of robot that listens there; None: told by the host."""
    nothing_new_days: int | None = None
    unknown_forms_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """How reading is spread over machines (多机).

    `exchange` is the folder or object storage they share, `endpoint` that of an S3 storage that is not Amazon's.
    `readers` read at the same time, placed by a Prefect work pool (`pool`) or a Dask cluster (`dask`, the address of
    its scheduler, or "local" for one on this machine). `patience`: seconds without a sign of life after which a reader
    is given up.
    """

    exchange: str
    endpoint: str | None = None
    readers: int = 2
    pool: str | None = None
    dask: str | None = None
    patience: float = 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """A ziping.toml, read and checked (配置)."""

    path: Path
    output: Path
    sources: tuple[Source, ...]
    workers: int
    limits: Limits
    rules_file: Path | None = None
    notify: Notify = Notify()
    scale: Scale | None = None
    keep_downloads_days: float = 400.0
    """Downloads and unpacked archives that no row was read from are removed after so many days."""


def load_settings(path: Path) -> Settings:
    """The settings in the ziping.toml at `path`; relative paths in it start at its folder. Raises ConfigError."""
    values = read_toml(path)
    whole = ConfigSection(path, "", values)
    whole.only("output", "keep_downloads_days", "reading", "notify", "scale", "sources")
    sources = sources_in(path, values)
    if not sources:
        raise ConfigError(f"配置文件 {path} 里没有 [[sources]]；请写上要收集的来源。")
    reading = _section(whole, "reading")
    reading.only("workers", "timeout_seconds", "memory_mb", "picture_pages", "rules")
    rules = reading.optional_text("rules")
    limits = Limits()
    return Settings(
        path=path.absolute(),
        output=whole.located(local_folder(whole.optional_text("output") or "output")),
        sources=sources,
        workers=int(reading.number_from("workers", default_workers(), 1, 1024)),
        limits=Limits(
            reading.number_from("timeout_seconds", limits.seconds, 1, 86_400),
            int(reading.number_from("memory_mb", limits.memory_mb, 256, 1 << 20)),
            int(reading.number_from("picture_pages", 0, 0, 1 << 20)) or None,
        ),
        rules_file=None if rules is None else reading.located(rules),
        notify=_notify(_section(whole, "notify")),
        keep_downloads_days=whole.number_from("keep_downloads_days", 400, 1, 36_500),
        scale=_scale(_section(whole, "scale")) if "scale" in values else None,
    )


def local_folder(output: str) -> str:
    """`output`, if it names a folder on this machine. Raises ConfigError."""
    if "://" in output:
        raise ConfigError(
            f"输出目录不能是 {output}：数据集写在本机磁盘上；供别的机器读取请另行运行 ziping publish {output}。"
        )
    return output


def _section(whole: ConfigSection, key: str) -> ConfigSection:
    values = whole.values.get(key, {})
    if not isinstance(values, dict):
        raise whole.wrong(f"的 {key} 应写成 [{key}] 一段。")
    return ConfigSection(whole.path, f"[{key}] ", values)


def _notify(entry: ConfigSection) -> Notify:
    entry.only("command", "webhook", "webhook_kind", "nothing_new_days", "unknown_forms_pct")
    webhook = entry.optional_text("webhook")
    if webhook is not None:
        entry.web_address("webhook", webhook)
    kind = entry.optional_text("webhook_kind")
    if kind is not None and kind not in ROBOTS:
        raise entry.wrong(f"的 webhook_kind“{kind}”无效；应为 {'、'.join(ROBOTS)} 之一。")
    return Notify(
        command=entry.texts("command"),
        webhook=webhook,
        webhook_kind=kind,
        nothing_new_days=(
            int(entry.number_from("nothing_new_days", 1, 1, 3_650)) if "nothing_new_days" in entry.values else None
        ),
        unknown_forms_pct=(
            entry.number_from("unknown_forms_pct", 0, 0, 100) if "unknown_forms_pct" in entry.values else None
        ),
    )


def _scale(entry: ConfigSection) -> Scale:
    entry.only("exchange", "endpoint", "readers", "pool", "dask", "patience_seconds")
    exchange = entry.text("exchange")
    endpoint = entry.optional_text("endpoint")
    if endpoint is not None:
        entry.web_address("endpoint", endpoint)
    pool, dask = entry.optional_text("pool"), entry.optional_text("dask")
    if (pool is None) == (dask is None):
        raise entry.wrong("应写明 pool（Prefect 工作池）或 dask（Dask 调度器的地址，或 local）之一。")
    return Scale(
        exchange=exchange if "://" in exchange else entry.located(exchange).as_posix(),
        endpoint=endpoint,
        readers=int(entry.number_from("readers", 2, 1, 1_000)),
        pool=pool,
        dask=dask,
        patience=entry.number_from("patience_seconds", 60, 3, 86_400),
    )
