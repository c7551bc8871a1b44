"""Every command with its options, examples and exit codes, as `ziping --help` prints them (命令与选项).

Only words and options stand here: what a command needs is imported when it runs, so that asking for help costs nothing.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import shtab

from pipeline.commands.parsing import Parser, megabytes, port, positive_int, seconds, years
from pipeline.processor import default_workers
from schemas.version import EXTRACTOR_VERSION

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[Parser]

EXIT_CODES = """退出码：
  0    全部读取
  1    有核对发现（仅在使用 --fail-on 时）
  2    用法或配置有误，或输出目录无法写入（数据集未改动）
  3    有文件未能读取（逐一列出，其余已入库；先于 1）
  130  被中断（数据集未改动）"""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, one sub-command after the other."""
    parser = Parser(
        prog="ziping",
        description="把公开的预算绩效自评报告读成经过核对、处处可追溯的 Parquet 数据集。",
        epilog="每个命令的用法：ziping 命令 --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    _options(parser).add_argument(
        "--version", action="version", version=f"ziping {EXTRACTOR_VERSION}", help="显示版本后退出"
    )
    commands = parser.add_subparsers(title="命令", metavar="命令", dest="command", required=True)
    _add_ingest(commands)
    _add_nightly(commands)
    _add_sources(commands)
    _add_schedule(commands)
    _add_show(commands)
    _add_audit(commands)
    _add_quarantine(commands)
    _add_reprocess(commands)
    _add_desk(commands)
    _add_export(commands)
    _add_profile(commands)
    _add_snapshots(commands)
    _add_verify(commands)
    _add_publish(commands)
    _add_schema(commands)
    _add_completion(commands)
    return parser


def _command(commands: _Commands, name: str, text: str, epilog: str) -> Parser:
    return commands.add_parser(
        name,
        help=text,
        description=text,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )


def _options(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    options = parser.add_argument_group("选项")
    options.add_argument("-h", "--help", action="help", help="显示本说明")
    return options


def _add_ingest(commands: _Commands) -> None:
    examples = "例：ziping ingest 报告/ '年报/**/*.pdf' --output output"
    parser = _command(commands, "ingest", "读取报告并存入数据集", f"{examples}\n\n{EXIT_CODES}")
    parser.add_argument_group("参数").add_argument(
        "paths", nargs="+", metavar="路径", help="文件、文件夹（含下级）或通配符；文件夹中只取已知格式"
    )
    options = _options(parser)
    options.add_argument("--output", default="output", metavar="目录", help="输出目录（默认 output）")
    options.add_argument("--json", action="store_true", help="在标准输出上给出 JSON 小结")
    options.add_argument("--force", action="store_true", help="已知的文件也重新读取（默认内容未变的不再读）")
    options.add_argument(
        "--fail-on",
        choices=("error", "warning"),
        help="有核对发现时以 1 退出：error 数字自相矛盾，warning 再加上存疑",
    )
    _reading(options)


def _add_nightly(commands: _Commands) -> None:
    parser = _command(
        commands,
        "nightly",
        "收集各来源的新报告，读入数据集，有事时通知（供定时运行）",
        "例：ziping nightly --config /data/ziping.toml\n\n"
        "退出码：0 无事；2 用法或配置有误，或输出目录无法写入；3 有需要人处理的事（逐一列出，其余已入库）；130 被中断\n"
        "ziping.toml 的写法见 docs/sources.md",
    )
    options = _options(parser)
    _config(options)
    options.add_argument("--json", action="store_true", help="在标准输出上给出 JSON 小结")


def _add_sources(commands: _Commands) -> None:
    parser = _command(
        commands,
        "sources",
        "列出 ziping.toml 里的来源；--check 逐个访问，列出会取到什么、漏了什么",
        "例：ziping sources --check --config /data/ziping.toml\n\n"
        "退出码：0 没有问题；2 用法或配置有误；3 有来源有问题（逐一列出）\n"
        "只看网页，不下载附件，什么也不记下",
    )
    options = _options(parser)
    _config(options)
    options.add_argument("--check", action="store_true", help="访问各来源（不写则只列出配置）")
    options.add_argument("--json", action="store_true", help="在标准输出上给出 JSON")


def _add_schedule(commands: _Commands) -> None:
    parser = _command(
        commands,
        "schedule",
        "定时进行夜间运行，并在 Prefect 页面上留下记录；一直运行，直到停止",
        '例：ziping schedule --config /data/ziping.toml --cron "0 2 * * *"\n'
        "    ziping schedule --config /data/ziping.toml --systemd > /etc/systemd/system/ziping.service\n\n"
        "没有设置 PREFECT_API_URL 时，自行启动一个本机的 Prefect 服务，数据库在 输出目录/state/prefect\n"
        "退出码：0 已停止；2 用法或配置有误，或输出目录无法写入；130 被中断",
    )
    options = _options(parser)
    _config(options)
    options.add_argument("--cron", default="0 2 * * *", metavar="时刻", help='何时运行（默认每天两点 "0 2 * * *"）')
    options.add_argument("--timezone", default="Asia/Shanghai", metavar="时区", help="时区（默认 Asia/Shanghai）")
    options.add_argument("--name", default="nightly", metavar="名称", help="在 Prefect 中的名称（默认 nightly）")
    options.add_argument("--port", type=positive_int, default=4200, metavar="端口", help="本机服务的端口（默认 4200）")
    options.add_argument("--systemd", action="store_true", help="只打印 systemd 单元文件，不运行")


def _config(options: argparse._ArgumentGroup) -> None:
    options.add_argument("--config", default="ziping.toml", metavar="文件", help="来源等配置（默认 ziping.toml）")


def _add_show(commands: _Commands) -> None:
    parser = _command(
        commands,
        "show",
        "显示从一个文件中读懂了什么，不写入任何数据",
        "例：ziping show 报告.pdf\n    ziping show 报告.pdf --page 3 --image p3.png\n    ziping show 报告.pdf --why",
    )
    parser.add_argument_group("参数").add_argument("file", metavar="文件", help="一个报告文件")
    options = _options(parser)
    options.add_argument("--json", action="store_true", help="以 JSON 给出全部记录与核对")
    options.add_argument("--why", action="store_true", help="逐行说明判为哪一种行、各列含义从何得知")
    options.add_argument("--page", type=positive_int, metavar="页", help="画这一页（PDF、图片、OFD），与 --image 同用")
    options.add_argument(
        "--image", metavar="图片", help="把识别结果画在页面上：PDF 与图片存为 .png，OFD 存为 .svg，其他格式存为 .html"
    )
    _limits(options)


def _add_completion(commands: _Commands) -> None:
    parser = _command(
        commands,
        "completion",
        "命令行补全：把输出写入 shell 的补全目录",
        "例：ziping completion bash > ~/.local/share/bash-completion/completions/ziping",
    )
    parser.add_argument_group("参数").add_argument(
        "shell", choices=shtab.SUPPORTED_SHELLS, metavar="shell", help="bash、zsh 或 tcsh"
    )
    _options(parser)


def _add_audit(commands: _Commands) -> None:
    parser = _command(
        commands,
        "audit",
        "数据集中互相矛盾之处：算式、可能原因与位置；记下处理决定",
        "例：ziping audit --year 2023 --unit 农业农村局\n"
        "    ziping audit --html 发现.html --xlsx 发现.xlsx\n"
        "    ziping audit --dismiss 3f2a9c01b7de --note 附注另有说明\n\n"
        "退出码：0 没有；1 有数字自相矛盾之处（已排除的不算）；2 用法或配置有误，或没有数据集",
    )
    options = _options(parser)
    _output(options)
    options.add_argument("--year", type=years, metavar="年度", help="只看这一预算年度，或一段年度（2021-2023）")
    options.add_argument("--unit", metavar="名称", help="只看名称含此的单位或主管部门")
    options.add_argument("--department", metavar="名称", help="只看名称含此的主管部门")
    options.add_argument("--region", metavar="名称", help="只看名称含此的地区")
    options.add_argument("--document", metavar="文件", help="只看文件名含此的文件，或内容编号以此开头的文件")
    options.add_argument("--rule", action="append", default=[], metavar="代码", help="只看这条规则（可重复）")
    options.add_argument(
        "--min-severity",
        choices=("error", "warning", "info"),
        default="warning",
        help="最轻列到：error 数字自相矛盾，warning 再加上存疑（默认），info 再加上提示",
    )
    options.add_argument(
        "--rules", metavar="文件", help="按自己的规则文件重新核对（格式同 pipeline/checks/rules.toml）"
    )
    options.add_argument("--json", action="store_true", help="在标准输出上给出 JSON")
    options.add_argument("--limit", type=positive_int, metavar="条", help="终端上最多列出几条（最要紧的在前）")
    options.add_argument("--summary", action="store_true", help="终端上只给小结，不逐条列出")
    options.add_argument("--html", metavar="文件", help="写成网页：算式、原因与原文截图，可筛选、可打印、不需联网")
    options.add_argument("--xlsx", metavar="文件", help="写成 Excel：发现、带公式的重算、核对范围")
    options.add_argument("--docx", metavar="目录", help="按单位写审计工作底稿，按主管部门写问题清单（Word）")
    options.add_argument("--templates", metavar="目录", help="自己的 Word 模板所在的目录（缺的用自带的）")
    options.add_argument("--author", metavar="姓名", help="底稿的编制人（默认为系统用户名）")
    decisions = parser.add_argument_group("处理决定")
    decisions.add_argument(
        "--import", dest="import_", metavar="清单.xlsx", help="读回填好的清单：决定、理由、反馈；不能理解的逐行列出"
    )
    decisions.add_argument("--accept", nargs="+", metavar="编号", help="确认发现属实")
    decisions.add_argument("--dismiss", nargs="+", metavar="编号", help="排除发现（经核不成立）")
    decisions.add_argument("--undo", nargs="+", metavar="编号", help="撤销决定，重新待定")
    decisions.add_argument("--note", metavar="说明", help="决定的理由")


def _add_quarantine(commands: _Commands) -> None:
    parser = _command(
        commands,
        "quarantine",
        "列出最近一次读取失败的文件：原因、自何时起、程序版本",
        "例：ziping quarantine --output output\n    ziping quarantine --retry --timeout 600\n\n"
        "退出码：0 已列出，或重试后全部读取；2 用法或配置有误，或没有数据集；3 重试后仍有文件未能读取",
    )
    options = _options(parser)
    _dataset(options)
    options.add_argument("--retry", action="store_true", help="现在就重新读取这些文件（不重试则只列出）")
    _reading(options)


def _add_reprocess(commands: _Commands) -> None:
    parser = _command(
        commands,
        "reprocess",
        "升级后重新读取旧版本程序读过的文件，并列出数据集的变化",
        "例：ziping reprocess --older-than 0.2.0 --output output\n\n"
        "退出码：0 全部读取（或没有要重读的）；2 用法或配置有误，或没有数据集；3 有文件未能读取",
    )
    options = _options(parser)
    options.add_argument("--older-than", required=True, metavar="版本", help="早于此版本的程序读取的文件，如 0.2.0")
    _dataset(options)
    _reading(options)


def _add_snapshots(commands: _Commands) -> None:
    parser = _command(
        commands,
        "snapshots",
        "列出数据集保留的各版：编号、时间、文件数、各表行数、所在文件夹",
        "例：ziping snapshots --output output\n\n"
        "在程序中读取某日的数据：open_dataset(Path('output'), as_of=date(2026, 6, 1))（pipeline.dataset.store）",
    )
    _dataset(_options(parser))


def _add_desk(commands: _Commands) -> None:
    parser = _command(
        commands,
        "desk",
        "审核工作台：在本机浏览器中看、决定、更正、签收、移交",
        "例：ziping desk --output output\n    ziping desk --who 张三 --port 8800\n\n"
        "只在本机开放；启动后给出的地址含一次性密钥，拿到地址才能打开。",
    )
    options = _options(parser)
    _output(options)
    options.add_argument("--who", metavar="姓名", help="记在决定、更正和签收上的姓名（默认为系统用户名）")
    options.add_argument("--port", type=port, default=0, metavar="端口", help="端口（默认任选一个空闲的）")
    options.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听地址（默认只对本机开放）")
    options.add_argument(
        "--name", action="append", default=[], metavar="主机名", help="经反向代理访问时浏览器所用的主机名（可重复）"
    )
    options.add_argument("--timeout", type=seconds, default=120.0, metavar="秒", help="画一页或读一个原件的时限")


def _add_export(commands: _Commands) -> None:
    parser = _command(
        commands,
        "export",
        "把数据集（或其中一部分）导出成 DuckDB、SQLite、CSV、Excel、JSON 行",
        "例：ziping export --duckdb 自评.duckdb\n"
        "    ziping export --year 2023 --region 51 --xlsx 四川2023.xlsx\n\n"
        "退出码：0 已写入；2 用法有误、没有数据集、没有符合条件的自评或无法写入",
    )
    options = _options(parser)
    _output(options)
    options.add_argument("--duckdb", metavar="文件", help="DuckDB 数据库：表、可汇总的视图、注释、全文检索")
    options.add_argument("--sqlite", metavar="文件", help="SQLite 数据库，附 Datasette 的说明文件")
    options.add_argument("--csv", metavar="目录", help="每张表一个 CSV（Excel 可直接打开）")
    options.add_argument("--xlsx", metavar="文件", help="Excel 工作簿：每张表一页，首页为数据字典")
    options.add_argument("--jsonl", metavar="目录", help="每张表一个 JSON 行文件")
    options.add_argument(
        "--year", type=positive_int, action="append", default=[], metavar="年度", help="预算年度（可重复）"
    )
    options.add_argument("--unit", metavar="名称", help="只要名称含此的单位或主管部门")
    options.add_argument("--region", metavar="地区", help="行政区划代码的开头（51），或地名的一部分")


def _add_profile(commands: _Commands) -> None:
    parser = _command(
        commands,
        "profile",
        "数据概览：有什么、读得怎样、钱和分的分布，一张可离线看的网页",
        "例：ziping profile --html 概览.html\n\n退出码：0 已写入；2 用法有误、没有数据集或无法写入",
    )
    options = _options(parser)
    _output(options)
    options.add_argument("--html", required=True, metavar="文件", help="写到这个网页文件")


def _output(options: argparse._ArgumentGroup) -> None:
    options.add_argument("--output", default="output", metavar="目录", help="数据集所在的输出目录（默认 output）")


def _dataset(options: argparse._ArgumentGroup) -> None:
    _output(options)
    options.add_argument("--json", action="store_true", help="在标准输出上给出 JSON")


def _add_verify(commands: _Commands) -> None:
    parser = _command(
        commands,
        "verify",
        "核验数据集、各版快照、下载的原件是否与写入时一样",
        "例：ziping verify --output output\n\n退出码：0 都一样；2 没有数据集；3 有损坏（逐一列出）",
    )
    _dataset(_options(parser))


def _add_publish(commands: _Commands) -> None:
    parser = _command(
        commands,
        "publish",
        "把数据集现在的一版发布到文件夹或对象存储，供别的机器读取",
        "例：ziping publish s3://桶名/ziping --output output\n    ziping publish /mnt/share/ziping\n\n"
        "读法见 docs/operations.md；退出码：0 已发布；2 没有数据集、数据损坏、无法写入，或那里已有更新的一版",
    )
    parser.add_argument_group("参数").add_argument("destination", metavar="发布地", help="文件夹，或 s3://桶名/前缀")
    options = _options(parser)
    _output(options)
    options.add_argument("--endpoint", metavar="网址", help="不是 Amazon 的对象存储的地址")


def _add_schema(commands: _Commands) -> None:
    parser = _command(
        commands, "schema", "数据字典：每个表每一列的类型、单位与含义", "例：ziping schema --markdown > 数据字典.md"
    )
    options = _options(parser).add_mutually_exclusive_group()
    options.add_argument("--json", action="store_true", help="以 JSON 给出")
    options.add_argument("--markdown", action="store_true", help="以 Markdown 给出")


def _reading(options: argparse._ArgumentGroup) -> None:
    options.add_argument(
        "--rules", metavar="文件", help="自己的核对规则（格式同 pipeline/checks/rules.toml；默认用自带的）"
    )
    options.add_argument(
        "--workers",
        type=positive_int,
        default=default_workers(),
        metavar="个",
        help="读取进程数（默认同处理器核数，内存不足时较少）",
    )
    _limits(options)


def _limits(options: argparse._ArgumentGroup) -> None:
    options.add_argument("--timeout", type=seconds, default=120.0, metavar="秒", help="单个文件的时限（默认 120）")
    options.add_argument(
        "--memory", type=megabytes, default=1536, metavar="MB", help="单个读取进程的内存上限（默认 1536，至少 256）"
    )
