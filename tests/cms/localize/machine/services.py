"""A local server that speaks the documented APIs of DeepL and LibreTranslate over real sockets, and can misbehave.

It refuses what the documentation says is refused, so that a wrong request fails here and not first at the service.
"""

import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lxml import etree

KEY = "0d2f-secret-key:fx"
Content = dict[str, Any]


@dataclass
class Reply:
    """One answer; `promised` more bytes than come, `wait` seconds before it."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    promised: int = 0
    wait: float = 0.0

    @property
    def body(self) -> bytes:
        return self.raw if self.raw is not None else json.dumps(self.content).encode()


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    content: Content


Translate = Callable[[str, str], str]


def echo(text: str, target: str) -> str:
    """Translate as tests like it: the target before the text, the tags where they were."""
    return f"[{target}] {text}"


@dataclass
class Service:
    """What one server was asked, and what it is to answer next; `replies` are used up before the usual answer."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    replies: deque[Reply] = field(default_factory=deque)
    glossaries: dict[str, Content] = field(default_factory=dict)
    translate: Translate = echo
    key: str = KEY
    left: int = 320_000

    def calls(self, path: str, method: str = "POST") -> list[Content]:
        """Return what was sent to a path."""
        return [each.content for each in self.asked if (each.method, each.path) == (method, path)]


def deepl(service: Service, asked: Asked) -> Reply:
    """Answer as DeepL's OpenAPI description says."""
    if asked.headers.get("authorization") != f"DeepL-Auth-Key {service.key}":
        return Reply(403, {"message": f"Authorization failed for {service.key}"})
    if asked.path == "/v2/usage":
        return Reply(200, {"character_count": 500_000 - service.left, "character_limit": 500_000})
    if asked.path.startswith("/v3/glossaries"):
        return _glossaries(service, asked)
    if (asked.method, asked.path) != ("POST", "/v2/translate"):
        return Reply(404, {"message": "Not found"})
    content = asked.content
    texts = content.get("text")
    if not isinstance(texts, list) or not texts or "target_lang" not in content:
        return Reply(400, {"message": "Bad request. Reason: text or target_lang is missing"})
    if len(texts) > 50:
        return Reply(400, {"message": "Too many texts"})
    if len(json.dumps(content, ensure_ascii=False).encode()) > 128 * 1024:
        return Reply(413, {"message": "Request entity too large"})
    if content["target_lang"] in ("EN", "PT"):
        return Reply(400, {"message": "Value for 'target_lang' not supported."})
    if glossary := content.get("glossary_id"):
        known = service.glossaries.get(glossary)
        pair = [content.get("source_lang", "").lower(), content["target_lang"].partition("-")[0].lower()]
        if known is None or pair not in [[d["source_lang"], d["target_lang"]] for d in known["dictionaries"]]:
            return Reply(400, {"message": "Glossary not found"})
    for text in texts:
        try:
            etree.fromstring(f"<x>{text}</x>")
        except etree.XMLSyntaxError:
            return Reply(400, {"message": "Tag handling parsing failed, please check input."})
    target = content["target_lang"]
    rows = [{"detected_source_language": "NL", "text": service.translate(text, target)} for text in texts]
    return Reply(200, {"translations": rows})


def _glossaries(service: Service, asked: Asked) -> Reply:
    if asked.method == "GET":
        return Reply(200, {"glossaries": [{"glossary_id": id, **each} for id, each in service.glossaries.items()]})
    if asked.method == "DELETE":
        found = service.glossaries.pop(asked.path.rpartition("/")[2], None)
        return Reply(204, raw=b"") if found else Reply(404, {"message": "Not found"})
    for dictionary in asked.content["dictionaries"]:
        sources = [line.split("\t")[0] for line in dictionary["entries"].split("\n")]
        if len(sources) != len(set(sources)):
            return Reply(400, {"message": "Invalid glossary entries provided", "detail": "duplicates key"})
    id = f"glossary-{len(service.asked)}"
    service.glossaries[id] = asked.content
    return Reply(201, {"glossary_id": id, "name": asked.content["name"]})


def libretranslate(service: Service, asked: Asked) -> Reply:
    """Answer as LibreTranslate does: HTML comes back with its entities resolved."""
    if asked.path != "/translate":
        return Reply(404, {"error": "Not found"})
    content = asked.content
    if service.key and content.get("api_key") != service.key:
        return Reply(403, {"error": "Invalid API key"})
    if missing := next((name for name in ("q", "source", "target") if not content.get(name)), None):
        return Reply(400, {"error": f"Invalid request: missing {missing} parameter"})
    if content["target"] not in ("en", "de", "tr", "ar", "fr", "zh-Hans"):
        return Reply(400, {"error": f"{content['target']} is not supported"})
    if content.get("format", "text") not in ("text", "html"):
        return Reply(400, {"error": "format is not supported"})
    translated = [
        re.sub("&(amp|lt|gt);", lambda found: {"amp": "&", "lt": "<", "gt": ">"}[found[1]], text)
        for text in (service.translate(text, content["target"]) for text in content["q"])
    ]
    return Reply(200, {"translatedText": translated})


@contextmanager
def running(answer: Callable[[Service, Asked], Reply]) -> Iterator[Service]:
    """Run a server on a port of its own."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            content = json.loads(self.rfile.read(length) or b"{}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, content)
            service.asked.append(asked)
            reply = service.replies.popleft() if service.replies else answer(service, asked)
            time.sleep(reply.wait)
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + reply.promised))
            self.end_headers()
            self.wfile.write(reply.body)
            if reply.promised:
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True

        do_GET = do_POST = do_DELETE = _answer

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                """Whoever asked does not wait any more."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
