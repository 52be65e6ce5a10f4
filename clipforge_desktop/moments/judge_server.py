"""The door to a language model that the user runs on this machine: one question, one answer.

Speaks the OpenAI chat format over plain HTTP, which Ollama, llama.cpp and LM Studio serve.
Only loopback addresses are ever connected to: the talk does not leave the machine. No
proxies, no redirects, bounded time and size.
"""

import http.client
import ipaddress
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from clipforge_desktop.domain.errors import InputError, TransientError

ANSWER_BYTES = 4_000_000
CONNECT_S = 5.0
ANSWER_TOKENS = 1500
CHAT_PATH = "/chat/completions"

OnCancel = Callable[[Callable[[], None]], Callable[[], None]]


@dataclass(frozen=True)
class Address:
    """`host` is a literal loopback address; `base` is the path before `/chat/completions`."""

    host: str
    port: int
    base: str


def parse_address(url: str) -> Address:
    """Raises InputError "judge-address" for what is no http address, "judge-not-local" for
    a host that is not this machine."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname or "", parts.port or 80
    except ValueError as error:
        raise _bad_address(url) from error
    if parts.scheme != "http" or not host or parts.username or parts.query:
        raise _bad_address(url)
    if host == "localhost":
        host = "127.0.0.1"
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise InputError(
            "judge-not-local",
            f'The judge must run on this machine, and "{host}" is not it: your talk stays here.',
            "Use an address such as http://127.0.0.1:11434, or leave the judge off.",
        )
    base = parts.path.rstrip("/").removesuffix(CHAT_PATH)
    return Address(host, port, base or "/v1")


def _bad_address(url: str) -> InputError:
    return InputError(
        "judge-address",
        f'"{url[:80]}" is not the address of a judge.',
        "Use an address such as http://127.0.0.1:11434, or leave the judge off.",
    )


class JudgeServer:
    """One server and model. `timeout_s` bounds each exchange as a whole."""

    def __init__(self, url: str, model: str, on_cancel: OnCancel, timeout_s: float) -> None:
        self._address = parse_address(url)
        self._on_cancel = on_cancel
        self._timeout_s = timeout_s
        self._model = model

    def ask(self, prompt: str) -> str:
        """The model's answer as text. Raises TransientError when there is none."""
        question = {
            "model": self._model or self._first_model(),
            "messages": [{"role": "user", "content": prompt}],
            "temperature": 0,
            "seed": 1,
            "max_tokens": ANSWER_TOKENS,
            "stream": False,
        }
        answer = self._exchange("POST", CHAT_PATH, json.dumps(question).encode())
        try:
            content = answer["choices"][0]["message"]["content"]  # type: ignore[index]
        except (KeyError, IndexError, TypeError) as error:
            raise _unusable("its answer has no message") from error
        if not isinstance(content, str):
            raise _unusable("its answer has no text")
        return content

    def _first_model(self) -> str:
        answer = self._exchange("GET", "/models", None)
        try:
            name = answer["data"][0]["id"]  # type: ignore[index]
        except (KeyError, IndexError, TypeError) as error:
            raise _unusable("it has no model") from error
        self._model = str(name)
        return self._model

    def _exchange(self, method: str, path: str, body: bytes | None) -> object:
        """One request on its own connection; closing the socket is how a cancel ends it."""
        address = self._address
        connection = http.client.HTTPConnection(address.host, address.port, timeout=CONNECT_S)
        try:
            connection.connect()
            opened = connection.sock
            opened.settimeout(self._timeout_s)
            forget = self._on_cancel(lambda: _hang_up(opened))
            deadline = threading.Timer(self._timeout_s, _hang_up, [opened])
            deadline.daemon = True
            deadline.start()
            try:
                headers = {"Content-Type": "application/json", "Connection": "close"}
                connection.request(method, address.base + path, body, headers)
                response = connection.getresponse()
                data = response.read(ANSWER_BYTES + 1)
            finally:
                deadline.cancel()
                forget()
        except (OSError, http.client.HTTPException) as error:
            raise _unusable(f"it does not answer ({error or type(error).__name__})") from error
        finally:
            connection.close()
        if response.status != 200:
            raise _unusable(f"it answers with status {response.status}")
        if len(data) > ANSWER_BYTES:
            raise _unusable("its answer is far too long")
        try:
            answer: object = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise _unusable("its answer is not JSON") from error
        return answer


def _hang_up(opened: socket.socket) -> None:
    try:
        opened.shutdown(socket.SHUT_RDWR)
    except OSError:
        opened.close()  # it is gone already


def _unusable(reason: str) -> TransientError:
    return TransientError(
        "judge-unusable",
        f"The judge could not be asked: {reason}.",
        "See that its server runs and has a model; without it the built-in ranking is used.",
    )
