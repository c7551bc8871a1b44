"""ziping.toml: the example of the documentation is read, every mistake is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.night.settings import load_settings
from pipeline.sourcing.config import FolderSource, S3Source, WebSource
from schemas.errors import ConfigError

DOCS = Path(__file__).parents[1] / "docs" / "sources.md"


def load(folder: Path, text: str) -> tuple[object, ...]:
    path = folder / "ziping.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path).sources


def test_the_documented_example(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    folder, web, s3 = load(tmp_path, example[1])
    assert isinstance(folder, FolderSource) and folder.path == Path("/mnt/share/自评报告")
    assert isinstance(web, WebSource) and web.hosts == {"czj.example.gov.cn", "files.example.gov.cn"}
    assert web.max_bytes == 100 << 20 and web.attachments[1].search("/download.jsp?id=12")
    assert isinstance(s3, S3Source) and s3.endpoint == "https://s3.example.gov.cn"


def test_defaults_and_relative_folders(tmp_path: Path) -> None:
    folder, web = load(
        tmp_path,
        '[[sources]]\nkind="folder"\nname="a"\npath="in"\n[[sources]]\nkind="web"\nname="b"\npages=["http://x.cn:81/"]',
    )
    assert isinstance(folder, FolderSource) and folder.path == tmp_path / "in"
    assert isinstance(web, WebSource) and web.hosts == {"x.cn:81"} and not web.allow_private
    with pytest.raises(ConfigError, match="没有"):
        load(tmp_path, "")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[sources", "TOML"),
        ("sources = 3", "[[sources]]"),
        ('[[sources]]\nname="a"', "缺少 kind"),
        ('[[sources]]\nkind="ftp"\nname="a"', "“ftp”无效"),
        ('[[sources]]\nkind="folder"\npath="a"', "缺少 name"),
        ('[[sources]]\nkind="folder"\nname="a/b"\npath="a"', "name"),
        ('[[sources]]\nkind="folder"\nname="a"', "缺少 path"),
        ('[[sources]]\nkind="folder"\nname="a"\npath="a"\npattern=["*"]', "不认识的 pattern"),
        ('[[sources]]\nkind="folder"\nname="a"\npath="a"\npatterns="*"', "patterns"),
        ('[[sources]]\nkind="folder"\nname="a"\npath="a"\nsettle_seconds=true', "settle_seconds"),
        ('[[sources]]\nkind="web"\nname="a"\npages=[]', "缺少 pages"),
        ('[[sources]]\nkind="web"\nname="a"\npages=["file:///etc/passwd"]', "file:///etc/passwd"),
        ('[[sources]]\nkind="web"\nname="a"\npages=["http://u:p@x.cn/"]', "完整地址"),
        ('[[sources]]\nkind="web"\nname="a"\npages=["http://x.cn/"]\narticles=["("]', "正则表达式"),
        ('[[sources]]\nkind="web"\nname="a"\npages=["http://x.cn/"]\npaging="("', "正则表达式"),
        ('[[sources]]\nkind="web"\nname="a"\npages=["http://x.cn/"]\nhosts=["http://y.cn"]', "主机名"),
        ('[[sources]]\nkind="web"\nname="a"\npages=["http://x.cn/"]\ndelay_seconds=-1', "delay_seconds"),
        ('[[sources]]\nkind="s3"\nname="a"\nurl="https://x"', "s3://"),
        ('[[sources]]\nkind="s3"\nname="a"\nurl="s3://b"\nendpoint="x"', "endpoint"),
        ('[[sources]]\nkind="s3"\nname="a"\nurl="s3://b"\n[[sources]]\nkind="s3"\nname="a"\nurl="s3://c"', "重复"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert named in str(caught.value) and "ziping.toml" in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="无法打开"):
        load_settings(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes("name = '自评'".encode("gbk"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_settings(tmp_path / "gbk.toml")
