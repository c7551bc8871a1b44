"""What the robots of DingTalk, WeCom and Feishu take, and how they refuse (群机器人)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_CUT = "……（其余略，见 ziping 的小结）"


@dataclass(frozen=True, slots=True)
class Robot:
    """One kind of robot: `most` is the largest text it takes, in bytes of UTF-8; `shape` makes its message (机器人)."""

    most: int
    shape: Callable[[str], dict[str, Any]]


def _text(content: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content}}


def _feishu(content: str) -> dict[str, Any]:
    return {"msg_type": "text", "content": {"text": content}}


ROBOTS = {
    "dingtalk": Robot(18_000, _text),
    "wecom": Robot(2_000, _text),
    "feishu": Robot(18_000, _feishu),
    "plain": Robot(2_000, _text),
}
"""`plain` is the shape WeCom and DingTalk share, cut for the stricter of them, with the whole summary beside it."""

_HOSTS = {
    "oapi.dingtalk.com": "dingtalk",
    "qyapi.weixin.qq.com": "wecom",
    "open.feishu.cn": "feishu",
    "open.larksuite.com": "feishu",
}


def kind_of(address: str) -> str:
    """The kind of robot at an address, by its host."""
    return _HOSTS.get(urlsplit(address).hostname or "", "plain")


def message(kind: str, text: str) -> dict[str, Any]:
    """`text` as a robot of this kind takes it, cut to its size."""
    robot = ROBOTS[kind]
    return robot.shape(cut(text, robot.most))


def cut(text: str, most: int) -> str:
    """`text` in at most so many bytes of UTF-8, with a word that something is missing."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= most:
        return raw.decode("utf-8")
    room = most - len(_CUT.encode())
    return raw[:room].decode("utf-8", "ignore") + _CUT


def refusal(body: str) -> str | None:
    """What an answer of HTTP 200 says went wrong: an error code that is not nought. None if it accepts."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    for key in ("errcode", "code", "StatusCode", "status_code"):
        code = told.get(key)
        if code not in (None, 0, "0", 200, "200"):
            reasons = (told.get(name) for name in ("errmsg", "msg", "StatusMessage", "message"))
            reason = next(filter(None, reasons), "")
            return f"{key} {code} {reason}".strip()
    return None if told.get("success", True) is not False else str(told.get("message") or "success: false")
