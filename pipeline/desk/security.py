"""Who may use the desk (安全): a secret in the first address becomes a cookie; every form carries a token of its own.

Nothing a report contains is markup, and a page runs no script but the desk's: the policy sent with each answer says so.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

COOKIE = "ziping_desk"
ENTER = "/enter"
STATIC = "/static/"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_REFUSED = "请用 ziping desk 启动时给出的完整地址打开。"
_FORGED = "页面已过期或请求不是从工作台发出的；请刷新页面后重试。"

Next = Callable[[Request], Awaitable[Response]]


class Guard:
    """Lets in whoever has the secret, and only from names of this machine (`hosts`)."""

    def __init__(self, secret: str, hosts: frozenset[str]) -> None:
        self._secret = secret
        self._hosts = hosts

    @staticmethod
    def new_secret() -> str:
        return secrets.token_urlsafe(24)

    def token(self) -> str:
        """What every form of the desk sends back."""
        return hmac.new(self._secret.encode(), b"form", hashlib.sha256).hexdigest()

    def is_own_form(self, token: str) -> bool:
        return hmac.compare_digest(token, self.token())

    async def __call__(self, request: Request, call_next: Next) -> Response:
        """Middleware: refuse, or pass on and seal the answer."""
        answer = self._refusal(request) or await call_next(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    def _refusal(self, request: Request) -> Response | None:
        if request.url.hostname not in self._hosts:
            return PlainTextResponse(_REFUSED, 403)
        if request.url.path == ENTER:
            return self._entered(request)
        if request.url.path.startswith(STATIC) or self._is_known(request.cookies.get(COOKIE, "")):
            return None
        return PlainTextResponse(_REFUSED, 403)

    def _entered(self, request: Request) -> Response:
        if not self._is_known(request.query_params.get("key", "")):
            return PlainTextResponse(_REFUSED, 403)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, self._secret, httponly=True, samesite="strict")
        return answer

    def _is_known(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._secret.encode())


def forged() -> Response:
    """The answer to a form that the desk did not make."""
    return PlainTextResponse(_FORGED, 403)
