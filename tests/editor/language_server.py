"""The YAML language server, run as an editor runs it: LSP over standard input and output."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from pathlib import Path
from typing import IO, Any, NamedTuple

FOLDER = Path(__file__).parent
SERVER = FOLDER / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
PATIENCE = 60
"""Seconds after which a silent server has failed."""
SETTINGS = {
    "yaml": {
        "validate": True,
        "hover": True,
        "completion": True,
        "yamlVersion": "1.2",
        "schemaStore": {"enable": False},
    }
}


class Diagnostic(NamedTuple):
    """What the server marks: a line counted from 1, the marked text, and what is wrong."""

    line: int
    marked: str
    message: str


class LanguageServer:
    """A running server. Files are opened as given; schemas are found by their modelines."""

    def __init__(self) -> None:
        node = shutil.which("node")
        assert node is not None, "there is no `node`; run `tox -e editor`"
        self._process = subprocess.Popen(
            [node, str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self._diagnostics: dict[str, list[Diagnostic]] = {}
        self._texts: dict[str, str] = {}
        self._number = 0
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
                "hover": {"contentFormat": ["plaintext"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True, "didChangeConfiguration": {}},
        }
        self._request("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def close(self) -> None:
        """Stop the server."""
        self._request("shutdown", None)
        self._notify("exit", None)
        self._process.wait(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def diagnostics(self, path: Path, text: str) -> list[Diagnostic]:
        """Open a file of this path with this text, and give what the server marks in it."""
        uri = self._open(path, text)
        while uri not in self._diagnostics:
            self._take()
        return self._diagnostics[uri]

    def completions(self, path: Path, text: str) -> dict[str, str]:
        """What the server proposes where `text` has a `¦`, each with what it says about it."""
        before, _, after = text.partition("¦")
        uri = self._open(path, before + after)
        found = self._request("textDocument/completion", self._at(uri, before))
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"]: _plain(item.get("documentation")) for item in items}

    def hover(self, path: Path, text: str) -> str:
        """What the server says about the word after the `¦`."""
        before, _, after = text.partition("¦")
        uri = self._open(path, before + after)
        found = self._request("textDocument/hover", self._at(uri, before))
        return _plain(found["contents"]) if found else ""

    def _open(self, path: Path, text: str) -> str:
        uri = path.as_uri()
        if uri in self._texts:
            self._notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            uri = path.with_name(f"{len(self._texts)}-{path.name}").as_uri()
        self._texts[uri] = text
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def _at(self, uri: str, before: str) -> dict[str, Any]:
        lines = before.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        return {"textDocument": {"uri": uri}, "position": position}

    # The protocol

    def _request(self, method: str, params: Any) -> Any:
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while True:
            answer = self._take()
            if answer.get("id") == number and "method" not in answer:
                assert "error" not in answer, answer["error"]
                return answer["result"]

    def _notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def _take(self) -> dict[str, Any]:
        """The next message; what the server asks is answered, what it marks is kept."""
        message = self._messages.get(timeout=PATIENCE)
        method, params = message.get("method"), message.get("params")
        if method == "textDocument/publishDiagnostics":
            assert isinstance(params, dict)
            lines = self._texts.get(params["uri"], "").split("\n")
            found = sorted(_diagnostic(each, lines) for each in params["diagnostics"])
            self._diagnostics[params["uri"]] = found
        elif method is not None and "id" in message:
            result = None
            if method == "workspace/configuration":
                assert isinstance(params, dict)
                result = [SETTINGS.get(item.get("section", ""), {}) for item in params["items"]]
            self._send({"id": message["id"], "result": result})
        return message

    def _listen(self, stream: IO[bytes]) -> None:
        while header := stream.readline():
            length = int(header.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._messages.put(json.loads(stream.read(length)))


def _diagnostic(found: dict[str, Any], lines: list[str]) -> Diagnostic:
    start, end = found["range"]["start"], found["range"]["end"]
    line = lines[start["line"]]
    marked = line[start["character"] : end["character"] if end["line"] == start["line"] else None]
    return Diagnostic(start["line"] + 1, marked, found["message"])


def _plain(contents: Any) -> str:
    if isinstance(contents, dict):
        return str(contents.get("value", ""))
    return str(contents or "")
