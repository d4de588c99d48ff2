"""How is the lab opened in a browser? By a server on this machine alone, that answers nobody without its token.

marimo serves the notebooks; what stands here keeps the door: the token in the address becomes a cookie of this port,
and a page of its own lists the exercises. Nothing that the lab shows comes from elsewhere.
"""

import hmac
import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from http.cookies import SimpleCookie
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs

from convolab.errors import InputError, MissingDependencyError
from convolab.lab import writing
from convolab.lab.desk import FOLDER
from convolab.lab.exercises import EXERCISES, Exercise
from convolab.lab.hand_in import StudentFile
from convolab.palette import variables
from convolab.views.modules import text

HOST, PORT, TRIES = "127.0.0.1", 2718, 50
HOSTS = ("127.0.0.1", "localhost", "[::1]")

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>convolab lab</title><style>:root { color-scheme: light dark; $light }
@media (prefers-color-scheme: dark) { :root { $dark } }
$style a { color: var(--blue); } li { margin: 10px 0; }</style></head>
<body><main><h1>$title</h1>$body</main></body></html>"""


# Widgets stand on the page itself, and a formula that is wider than a phone is scrolled.
HEAD = "<style>:root { --page: transparent; } .katex-display { overflow: auto hidden; }</style>"


def socket_at(port: int) -> socket.socket:
    """Return a listening place on this machine: the port that was asked for, or the next that is free."""
    for number in range(port, port + TRIES):
        place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name == "posix":
                place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            place.bind((HOST, number))
            place.listen(128)
            return place
        except (OSError, OverflowError):
            place.close()
    raise InputError(f"--port: none of {port} to {port + TRIES - 1} is free. Give another")


def application(token: str, port: int) -> Any:
    """Return the lab as an ASGI application: the notebooks at /2/ and /3/, a list of them at /."""
    import marimo

    builder = marimo.create_asgi_app(quiet=True, include_code=False, html_head=HEAD)
    notebooks: list[Any] = []

    def seen(app: Any) -> Any:
        notebooks.append(app)
        return app

    for exercise in EXERCISES.values():
        builder = builder.with_app(path=f"/{exercise.number}", root=str(exercise.notebook), middleware=[seen])
    return Door(builder.build(), token, port, notebooks)


class Door:
    """What stands before the notebooks: it lets those in who have the token, and shows the list of exercises."""

    def __init__(self, inside: Callable[..., Any], token: str, port: int, notebooks: list[Any]):
        self.inside, self.token, self.cookie = inside, token, f"convolab-{port}"
        self.notebooks = notebooks

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request, or the server's beginning and end."""
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("host", "").rpartition(":")[0] not in HOSTS:
            return await _refused(scope, receive, send, "This lab answers at 127.0.0.1 alone.")
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["type"] == "http" and given and hmac.compare_digest(given, self.token):
            cookie = f"{self.cookie}={self.token}; Path=/; HttpOnly; SameSite=Strict"
            return await _answer(send, 303, "", [("set-cookie", cookie), ("location", scope["path"])])
        known = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        if known is None or not hmac.compare_digest(known.value, self.token):
            said = "The address lacks its token. Open the lab with the address that convolab lab printed."
            return await _refused(scope, receive, send, said)
        if scope["type"] == "http" and scope["path"] == "/":
            return await _answer(send, 200, _list_of_exercises())
        return await self.inside(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        """End the notebooks with the server: their threads would wait for a page that never comes back."""
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        for notebook in self.notebooks:
            await notebook.state.session_manager.shutdown()
        await send({"type": "lifespan.shutdown.complete"})


def _page(title: str, body: str) -> str:
    colours = {"light": variables(), "dark": variables(dark=True)}
    return Template(PAGE).substitute(title=title, body=body, style=text("page.css"), **colours)


def _list_of_exercises() -> str:
    items = "".join(f'<li><a href="/{e.number}/">Exercise {e.number}: {e.title}</a></li>' for e in EXERCISES.values())
    return _page("The lab", f"<ul>{items}</ul>")


async def _refused(scope: dict[str, Any], receive: Any, send: Any, said: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": said})
    else:
        await _answer(send, 403, _page("Not here", f"<p>{said}</p>"))


async def _answer(send: Any, status: int, body: str, headers: list[tuple[str, str]] | None = None) -> None:
    pairs = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), *(headers or [])]
    listed = [(name.encode(), value.encode()) for name, value in pairs]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body.encode()})


def serve(
    exercise: Exercise | None, folder: Path, port: int, *, open_browser: bool, say: Callable[[str], None]
) -> None:
    """Serve the lab until it is stopped.

    Raises
    ------
    KeyboardInterrupt
        When it is stopped with Ctrl-C.
    InputError
        Where a hand-in belongs to somebody else, and where no port is free.
    """
    if find_spec("marimo") is None:
        raise MissingDependencyError("marimo", "lab", "the lab")
    chosen = [exercise] if exercise else list(EXERCISES.values())
    for one in chosen:
        StudentFile(one, folder).read()
    os.environ[FOLDER] = str(folder.resolve())
    place = socket_at(port)
    try:
        number, token = place.getsockname()[1], secrets.token_urlsafe(24)
        address = f"http://{HOST}:{number}/{f'{exercise.number}/' if exercise else ''}?token={token}"
        if number != port:
            say(f"port {port} is taken: this is {number}")
        for one in chosen:
            say(f"exercise {one.number} is written into {folder / one.file}")
        say(f"the lab is open at {address}")
        say("Ctrl-C ends it; what was written stays")
        if open_browser:  # it starts while the notebooks are loaded here, and waits for the answer
            threading.Thread(target=_open, args=(address, say), daemon=True).start()
        _run(application(token, number), place)
    finally:
        place.close()


def _run(app: Any, place: socket.socket) -> None:
    import uvicorn

    writing.when_shown = _prepare
    _load()
    config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1, lifespan="on")
    uvicorn.Server(config).run(sockets=[place])
    raise KeyboardInterrupt  # it ends by a signal alone, whose exception a callback may have swallowed


def _load() -> None:
    """Load what the notebooks use while a browser is starting; in this thread, so that none meets a half of it."""
    for name in ("anywidget", "convolab.lab.desk", "convolab.views.explore", "convolab.filters.named"):
        import_module(name)


def _prepare() -> None:
    """Load what judges while the page is read; Python and NumPy wait for the next verdict from then on."""
    writing.judging()
    import_module("convolab.verify.starting").keep_idle()


def _open(address: str, say: Callable[[str], None]) -> None:
    """Open a browser where there is one; the address has been printed in any case."""
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        say("no browser could be opened here: open the address above in one on this machine")
