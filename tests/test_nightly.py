"""A night from the sources to the dataset: real files, a real web site, what a person is told."""

from __future__ import annotations

import io
import json
import os
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from serving import running
from test_ingest import FORM, OTHER_FORM, no_prefect
from test_sourcing_web import Site, links, site

from pipeline.cli import main
from pipeline.dataset.store import open_dataset, snapshots
from pipeline.night.cleanup import clean
from pipeline.night.collect import side_by_side
from pipeline.night.robots import ROBOTS, message
from pipeline.reading import known_files
from pipeline.sourcing.config import WebSource

__all__ = ["no_prefect", "site"]

pytestmark = pytest.mark.usefixtures("no_prefect")

LONG_AGO = time.time() - 1000
CONTRADICTION = FORM.replace("道路养护", "桥梁加固").replace("90.00\t10\t90.00%", "90.00\t10\t79.00%")
UNKNOWN = OTHER_FORM.replace("偏差原因分析及改进措施", "满天星斗情况").replace("52公里\t50\t50\t", "52公里\t50\t50\t有")

Night = Callable[..., dict[str, Any]]


@pytest.fixture
def night(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Night:
    """Write a ziping.toml, run a night by it, give its summary."""

    def run(toml: str, code: int = 0) -> dict[str, Any]:
        config = tmp_path / "ziping.toml"
        config.write_text(f'output = "out"\n{toml}', encoding="utf-8")
        assert main(["nightly", "--config", str(config), "--json"]) == code
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    return run


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.txt", text)
    return packed.getvalue()


def documents(tmp_path: Path) -> dict[str, dict[str, Any]]:
    return {row["source_uri"]: row for row in open_dataset(tmp_path / "out").read("documents").to_pylist()}


FOLDER = '[[sources]]\nkind = "folder"\nname = "共享盘"\npath = "in"\nsettle_seconds = 0\n'


def web(site: Site, more: str = "") -> str:
    return (
        f'[[sources]]\nkind = "web"\nname = "财政局"\npages = ["http://{site.netloc}/list.html"]\n'
        f'allow_private = ["127.0.0.1"]\ndelay_seconds = 0\nrecheck_days = 0\n{more}\n'
    )


def test_a_site_and_a_folder_become_rows_that_say_where_they_came_from(
    night: Night, tmp_path: Path, site: Site
) -> None:
    site.routes["/list.html"] = (
        '<a href="a.txt">自评表</a><a href="pack.zip">全部自评 联系电话：13812345678</a>'.encode()
    )
    site.routes["/a.txt"] = FORM.encode()
    site.routes["/pack.zip"] = zipped(b=OTHER_FORM, c=CONTRADICTION)
    put(tmp_path / "in" / "d.txt", FORM.replace("道路", "河道"))
    done = night(FOLDER + web(site))
    assert (done["by_status"], done["new"]["files"], done["new"]["contradictions_total"]) == ({"ok": 4}, 4, 1)
    rows = documents(tmp_path)
    base = f"http://{site.netloc}"
    assert set(rows) == {
        f"{base}/a.txt",
        f"{base}/pack.zip!/b.txt",
        f"{base}/pack.zip!/c.txt",
        (tmp_path / "in" / "d.txt").as_posix(),
    }
    packed = rows[f"{base}/pack.zip!/b.txt"]
    assert (packed["source_name"], packed["found_on"], packed["file_name"]) == ("财政局", f"{base}/list.html", "b.txt")
    assert packed["link_text"].startswith("全部自评") and "138" not in packed["link_text"]
    assert (tmp_path / "out" / packed["local_path"]).read_text(encoding="utf-8") == OTHER_FORM
    assert packed["first_seen_at"] == packed["ingested_at"]
    assert rows[(tmp_path / "in" / "d.txt").as_posix()]["local_path"] is None

    again = night(FOLDER + web(site))
    assert (again["by_status"], again["snapshot"], again["new"]["files"]) == ({"unchanged": 4}, done["snapshot"], 0)
    assert again["last_new_at"] == done["last_new_at"]


def test_a_changed_attachment_replaces_its_rows_and_one_that_went_says_so(
    night: Night, tmp_path: Path, site: Site
) -> None:
    site.routes["/list.html"] = links("a.txt", "b.txt")
    site.routes["/a.txt"], site.routes["/b.txt"] = FORM.encode(), OTHER_FORM.encode()
    night(web(site))
    before = documents(tmp_path)
    site.routes["/list.html"] = links("a.txt")
    site.routes["/a.txt"] = FORM.replace("52公里", "53公里").encode()
    done = night(web(site))
    base = f"http://{site.netloc}"
    assert done["missing"] == [f"{base}/b.txt"]
    rows = documents(tmp_path)
    assert rows[f"{base}/b.txt"]["missing_since"] is not None
    assert rows[f"{base}/a.txt"]["first_seen_at"] > before[f"{base}/a.txt"]["first_seen_at"]
    assert done["dataset_rows"]["evaluations"] == 2
    first, last = snapshots(tmp_path / "out")
    assert len(open_dataset(tmp_path / "out", as_of=first.created_at).read("evaluations")) == 2
    assert last.number == done["snapshot"]


def test_what_a_source_does_not_deliver_is_listed_once_and_cleared_when_it_does(
    night: Night, tmp_path: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.routes["/list.html"] = links("a.txt", "gone.docx", "lost.pdf")
    site.routes["/a.txt"] = FORM.encode()
    done = night(web(site), code=3)
    assert sorted(note["code"] for note in done["failed"]) == ["http_404", "http_404"]
    assert done["needs_attention"] == ["unreadable"]
    again = night(web(site))
    assert (again["by_status"], again["snapshot"]) == ({"unchanged": 1, "quarantined": 2}, done["snapshot"])
    assert main(["quarantine", "--output", str(tmp_path / "out"), "--json"]) == 0
    waiting = json.loads(capsys.readouterr().out)
    assert {each["retried_every_run"] for each in waiting} == {True}

    kept = site.routes.pop("/a.txt")
    assert night(web(site), code=3)["kept_earlier_reading"] == [f"http://{site.netloc}/a.txt"]
    row = documents(tmp_path)[f"http://{site.netloc}/a.txt"]
    assert (row["status"], row["failed_code"]) == ("ok", "http_404")
    site.routes["/a.txt"] = kept
    assert night(web(site))["by_status"]["unchanged"] == 1
    assert documents(tmp_path)[f"http://{site.netloc}/a.txt"]["failed_code"] is None


def test_a_source_in_trouble_costs_only_itself_and_nothing_of_it_is_called_gone(
    night: Night, tmp_path: Path, site: Site
) -> None:
    put(tmp_path / "in" / "d.txt", FORM)
    site.routes["/list.html"] = links("a.txt")
    site.routes["/a.txt"] = OTHER_FORM.encode()
    night(FOLDER + web(site))
    del site.routes["/list.html"]
    put(tmp_path / "in" / "e.txt", FORM.replace("道路", "河道"))
    done = night(FOLDER + web(site), code=3)
    assert [(each["source_name"], each["code"]) for each in done["source_troubles"]] == [("财政局", "http_404")]
    assert (done["by_status"], done["missing"], done["dataset_rows"]["evaluations"]) == (
        {"ok": 1, "unchanged": 1},
        [],
        3,
    )
    (tmp_path / "in" / "d.txt").unlink()
    (tmp_path / "in" / "e.txt").unlink()
    done = night(FOLDER, code=3)  # an empty folder is what a mount that is down looks like
    assert (done["source_troubles"][0]["code"], done["missing"]) == ("folder_empty", [])


def test_archives_are_unpacked_once_and_a_hostile_one_costs_only_itself(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in" / "good.zip", zipped(a=FORM))
    put(tmp_path / "in" / "bad.zip", b"PK\x03\x04" + b"rubbish" * 50)
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../../escaped.txt", FORM)
    put(tmp_path / "in" / "evil.zip", evil.getvalue())
    done = night(FOLDER, code=3)
    assert sorted(note["code"] for note in done["failed"]) == ["damaged", "unsafe_name"]
    assert done["by_status"]["ok"] == 1
    assert not list(tmp_path.rglob("escaped.txt"))
    monkeypatch.setattr("pipeline.reading.unpacking.unpack", None)  # would fail if called
    assert night(FOLDER)["by_status"] == {"unchanged": 1, "quarantined": 2}
    put(tmp_path / "in" / "good.zip", b"PK\x03\x04 cut off")
    monkeypatch.undo()
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    done = night(FOLDER, code=3)
    assert done["missing"] == []  # what a damaged archive held is not known to be gone


def test_files_still_being_written_wait_for_the_next_night(night: Night, tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.txt", FORM)
    fresh = put(tmp_path / "in" / "b.txt", OTHER_FORM)
    os.utime(fresh)
    done = night(FOLDER.replace("settle_seconds = 0", "settle_seconds = 300"))
    assert fresh.as_posix() in done["waiting"]
    assert done["by_status"] == {}


class Robot(BaseHTTPRequestHandler):
    """Takes messages like the robot of a chat."""

    server: Robots

    def do_POST(self) -> None:
        self.server.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.answer).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Robots(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Robot)
        self.messages: list[dict[str, Any]] = []
        self.status = 200
        self.answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


@pytest.fixture
def robots() -> Iterator[Robots]:
    with running(Robots()) as server:
        yield server


def notify(robots: Robots, told: Path, more: str) -> str:
    command = json.dumps([sys.executable, "-c", f"import sys; open({str(told)!r}, 'a').write(sys.stdin.read())"])
    return f'[notify]\ncommand = {command}\nwebhook = "http://127.0.0.1:{robots.server_port}/hook"\n{more}\n'


def test_people_are_told_of_failures_unknown_forms_and_silence(
    night: Night, tmp_path: Path, robots: Robots, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told.txt"
    toml = notify(robots, told, "nothing_new_days = 3\nunknown_forms_pct = 20") + FOLDER
    put(tmp_path / "in" / "a.txt", FORM)
    assert night(toml)["needs_attention"] == []
    assert not robots.messages and not told.exists()

    put(tmp_path / "in" / "b.txt", UNKNOWN)
    put(tmp_path / "in" / "c.pdf", b"%PDF-1.7\nbroken")
    done = night(toml, code=3)
    assert done["needs_attention"] == ["unreadable", "unknown_forms"]
    assert done["new"]["unknown_words"] == {"满天星斗情况": 1}
    (message,) = robots.messages
    assert message["reasons"] == ["unreadable", "unknown_forms"]
    assert "100%（1/1）" in message["text"]["content"] and "c.pdf" in message["text"]["content"]
    assert message["summary"]["by_status"] == {"partial": 1, "failed": 1, "unchanged": 1}
    assert "c.pdf" in told.read_text(encoding="utf-8")

    last_new = known_files.last_new
    monkeypatch.setattr(
        "pipeline.reading.ingest.last_new", lambda snapshot: (last_new(snapshot) or 0) - timedelta(days=4)
    )
    assert night(toml, code=3)["needs_attention"] == ["nothing_new"]
    assert "已有 4 天没有新报告" in robots.messages[-1]["text"]["content"]


def test_a_run_that_fails_is_told_of_and_a_notice_that_fails_is_said(
    night: Night, tmp_path: Path, robots: Robots, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "in" / "a.txt", FORM)
    (tmp_path / "out").write_text("in the way")
    config = tmp_path / "ziping.toml"
    config.write_text('output = "out"\n' + notify(robots, tmp_path / "told", "") + FOLDER, encoding="utf-8")
    assert main(["nightly", "--config", str(config)]) == 2
    assert robots.messages[0]["reasons"] == ["run_failed"] and robots.messages[0]["summary"] is None
    assert "不是文件夹" in robots.messages[0]["text"]["content"]
    (tmp_path / "out").unlink()
    put(tmp_path / "in" / "c.pdf", b"%PDF-1.7\nbroken")
    robots.status = 500
    toml = notify(robots, tmp_path / "told", "").replace(json.dumps(sys.executable), '"/no/such/command"')
    done = night(toml + FOLDER, code=3)
    assert len(done["notify_failures"]) == 2
    assert "notify.command" in done["notify_failures"][0] and "HTTP 500" in done["notify_failures"][1]


@pytest.mark.parametrize(
    ("kind", "no", "yes"),
    [
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, {"errcode": 0, "errmsg": "ok"}),
        ("wecom", {"errcode": 45002, "errmsg": "content size out of limit"}, {"errcode": 0, "errmsg": "ok"}),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, {"code": 0, "msg": "success"}),
    ],
)
def test_what_a_robot_refused_is_told_again_the_next_night(
    night: Night, tmp_path: Path, robots: Robots, kind: str, no: dict[str, Any], yes: dict[str, Any]
) -> None:
    toml = f'[notify]\nwebhook = "http://127.0.0.1:{robots.server_port}/hook"\nwebhook_kind = "{kind}"\n{FOLDER}'
    put(tmp_path / "in" / "c.pdf", b"%PDF-1.7\nbroken")
    robots.answer = no
    done = night(toml, code=3)
    assert next(str(code) for code in no.values()) in done["notify_failures"][0]
    robots.answer = yes
    again = night(toml)
    assert again["needs_attention"] == again["notify_failures"] == []
    text = json.dumps(robots.messages[-1], ensure_ascii=False)
    assert "没有送达" in text and "c.pdf" in text and ("msg_type" in robots.messages[-1]) == (kind == "feishu")
    sent = len(robots.messages)
    night(toml)
    assert len(robots.messages) == sent


@pytest.mark.parametrize("kind", ROBOTS)
def test_texts_are_cut_to_what_a_robot_takes(kind: str) -> None:
    body = message(kind, "报告" * 30_000)
    text = body["content"]["text"] if kind == "feishu" else body["text"]["content"]
    assert len(text.encode()) <= ROBOTS[kind].most and text.startswith("报告") and "略" in text


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("", "没有 [[sources]]"),
        ("nightly = 1\n" + FOLDER, "有不认识的 nightly"),
        ("[reading]\nworkers = 0\n" + FOLDER, "[reading] 的 workers 应为"),
        ("[notify]\nwebhook = 'ftp://x'\n" + FOLDER, "[notify] 的 webhook 里“ftp://x”"),
        ("[notify]\ncommand = 'mail'\n" + FOLDER, "[notify] 的 command 应为文字的列表"),
        ("[scale]\nexchange = 'x'\n" + FOLDER, "[scale] 应写明 pool"),
        ("notify = 3\n" + FOLDER, "notify 应写成 [notify] 一段"),
    ],
)
def test_mistakes_of_the_configuration_are_named(
    toml: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "ziping.toml"
    config.write_text(toml, encoding="utf-8")
    assert main(["nightly", "--config", str(config)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "output" / "dataset").exists()


def form_page(form: str, more: str = "") -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split("\t")) + "</tr>" for line in form.splitlines()
    )
    return f'<html><meta charset="utf-8"><title>自评</title><table border=1>{rows}</table>{more}</html>'.encode()


def test_an_article_that_prints_the_report_is_read_beside_its_attachments(
    night: Night, tmp_path: Path, site: Site
) -> None:
    site.routes["/list.html"] = '<a href="a.html">某局自评</a><a href="b.html">另一局自评</a>'.encode()
    site.routes["/a.html"] = form_page(FORM, '<a href="b.txt">附件：另一个项目</a>')
    site.routes["/b.txt"] = OTHER_FORM.encode()
    site.routes["/b.html"] = "<p>通知</p><a href='c.mp4'>录像</a>".encode()
    done = night(web(site), code=3)
    assert done["by_status"] == {"ok": 2, "failed": 1} and done["skipped_by_suffix"] == {".mp4": 1}
    assert [each["code"] for each in done["failed"]] == ["no_attachment"]
    rows = documents(tmp_path)
    base = f"http://{site.netloc}"
    assert (rows[f"{base}/a.html"]["format"], rows[f"{base}/a.html"]["found_on"]) == ("html", f"{base}/list.html")
    assert rows[f"{base}/b.txt"]["found_on"] == f"{base}/a.html"
    again = night(web(site))
    assert again["by_status"] == {"unchanged": 2, "quarantined": 1} and again["snapshot"] == done["snapshot"]
    site.routes["/b.html"] = links("d.txt")
    site.routes["/d.txt"] = CONTRADICTION.encode()
    later = night(web(site))
    assert later["by_status"] == {"ok": 1, "unchanged": 2} and later["missing"] == [f"{base}/b.html"]


def test_sources_are_checked_without_keeping_anything(
    tmp_path: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.routes["/list.html"] = '<a href="a.html">某局自评</a><a href="b.html">另一局自评</a>'.encode()
    site.routes["/a.html"] = links("f.pdf", "g.doc")
    site.routes["/b.html"] = "<p>通知</p>".encode()
    put(tmp_path / "in" / "d.txt", FORM)
    put(tmp_path / "in" / "e.mp4", b"film")
    config = tmp_path / "ziping.toml"
    config.write_text(f'output = "out"\n{FOLDER}{web(site)}', encoding="utf-8")
    assert main(["sources", "--check", "--config", str(config), "--json"]) == 3
    folder, found = json.loads(capsys.readouterr().out)
    assert (folder["survey"]["attachments"], folder["skipped"]) == (1, {".mp4": 1})
    survey = found["survey"]
    assert (survey["pages"], survey["articles"], survey["attachments"], survey["without"]) == (1, 2, 2, 1)
    assert [problem[0] for problem in found["problems"]] == ["no_attachment"]
    assert "/f.pdf" not in site.paths() and not (tmp_path / "out").exists()
    assert main(["sources", "--check", "--config", str(config)]) == 3
    assert "财政局" in capsys.readouterr().out
    assert main(["sources", "--config", str(config)]) == 0
    assert "共享盘" in capsys.readouterr().out


def test_sources_on_one_host_are_visited_one_after_the_other() -> None:
    hosts = [{"a.cn"}, {"b.cn"}, {"a.cn", "c.cn"}, {"c.cn"}]
    sources = [WebSource(f"s{at}", ("http://x/",), hosts=frozenset(each)) for at, each in enumerate(hosts)]
    groups = [[source.name for source in group] for group in side_by_side(sources)]
    assert sorted(groups) == [["s0", "s2", "s3"], ["s1"]]


def test_downloads_that_no_row_needs_go_after_a_while(night: Night, tmp_path: Path, site: Site) -> None:
    site.routes |= {"/list.html": links("a.txt", "p.zip"), "/a.txt": FORM.encode(), "/p.zip": zipped(b=OTHER_FORM)}
    night(web(site))
    old = tmp_path / "out" / documents(tmp_path)[f"http://{site.netloc}/a.txt"]["local_path"]
    site.routes["/a.txt"] = FORM.replace("52公里", "53公里").encode()
    night(web(site))
    soon, late = datetime.now(UTC) + timedelta(days=99), datetime.now(UTC) + timedelta(days=101)
    assert clean(tmp_path / "out", 100, soon) == 0 and old.exists()
    assert clean(tmp_path / "out", 100, late) == 2 and not old.exists()  # the archive itself is no row's source
    rows = documents(tmp_path).values()
    assert all((tmp_path / "out" / row["local_path"]).exists() for row in rows)


def test_a_damaged_list_of_an_archive_has_it_opened_again(night: Night, tmp_path: Path, site: Site) -> None:
    site.routes |= {"/list.html": links("p.zip"), "/p.zip": zipped(b=OTHER_FORM)}
    done = night(web(site))
    (kept,) = (tmp_path / "out" / "state" / "unpacked").glob("*/*.json")
    kept.write_bytes(b"{\x00")
    again = night(web(site))
    assert (again["by_status"], again["snapshot"]) == ({"unchanged": 1}, done["snapshot"])
