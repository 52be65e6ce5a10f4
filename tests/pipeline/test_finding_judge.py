"""The finding stage with a judge: a fake language model server on loopback, good and bad."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from clipforge_desktop.domain.errors import CancelledError, InputError
from clipforge_desktop.domain.order import FindingOptions, FindResult
from clipforge_desktop.stages import finding
from tests.pipeline.test_finding import find, overlap_s, sentences, spoken, story_span
from tests.stage_context import RecordingContext


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


class Judge(BaseHTTPRequestHandler):
    """A fake OpenAI-compatible server; `mode` of the server says how it behaves."""

    def do_GET(self) -> None:
        self._send({"data": [{"id": "tiny"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        assert isinstance(server, JudgeServer)
        server.asked.append(body)
        if server.mode == "closes":
            return
        if server.mode == "slow":
            server.is_asked.set()
            server.let_go.wait(30)
            return
        if server.mode == "error":
            self.send_error(500)
            return
        text = "I would rather talk about the weather."
        if server.mode == "good":
            text = f"```json\n{json.dumps(server.moments)}\n```"
        self._send({"choices": [{"message": {"role": "assistant", "content": text}}]})

    def _send(self, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: unexpected output fails a test."""


class JudgeServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Judge)
        self.mode = "good"
        self.moments: list[dict[str, object]] = []
        self.asked: list[dict[str, object]] = []
        self.is_asked = threading.Event()
        self.let_go = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def judge() -> Iterator[JudgeServer]:
    with JudgeServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.let_go.set()
        server.shutdown()
        thread.join()


def test_the_judge_reads_the_whole_talk_and_its_choice_comes_first(
    context: RecordingContext, judge: JudgeServer
) -> None:
    judge.moments = [
        {"first": 11, "last": 15, "category": "humour", "strength": 5, "why": "Dry, but funny."}
    ]
    words = spoken(sentences())
    result = find(words, context, FindingOptions(count=3, judge_url=judge.url))
    best = result.clips[0]
    assert (best.category, best.score) == ("humour", 100)
    assert "Dry, but funny" in best.advice
    first = sum(len(line.split()) for line in sentences()[:10])
    assert abs(best.pieces[0].start_s - words[first].start_s) < 0.5
    assert overlap_s(FindResult(result.clips[1:]), story_span(words)) > 10
    prompts = "".join(str(asked["messages"]) for asked in judge.asked)
    assert all(f"{number} [" in prompts for number in (1, 61, 120))
    assert {asked["model"] for asked in judge.asked} == {"tiny"}


@pytest.mark.parametrize("mode", ["rubbish", "closes", "error"])
def test_a_judge_that_fails_leaves_the_built_in_list_and_a_notice(
    context: RecordingContext, judge: JudgeServer, mode: str
) -> None:
    judge.mode = mode
    words = spoken(sentences())
    plain = find(words, context, FindingOptions(count=3))
    result = find(words, context, FindingOptions(count=3, judge_url=judge.url, judge_model="m"))
    assert result.clips == plain.clips
    assert any("built-in ranking was used" in notice for notice in result.notices)
    assert len(judge.asked) == 2


def test_a_judge_that_is_too_slow_is_given_up(
    context: RecordingContext, judge: JudgeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge.mode = "slow"
    monkeypatch.setattr(finding, "JUDGE_TIMEOUT_S", 0.2)
    options = FindingOptions(count=2, judge_url=judge.url, judge_model="m")
    result = find(spoken(sentences()), context, options)
    assert len(result.clips) == 2
    assert any("built-in ranking was used" in notice for notice in result.notices)


def test_a_judge_that_is_not_running_is_said(context: RecordingContext) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Judge) as taken:
        port = taken.server_address[1]
    options = FindingOptions(count=2, judge_url=f"http://127.0.0.1:{port}", judge_model="m")
    result = find(spoken(sentences()), context, options)
    assert any("does not answer" in notice for notice in result.notices)


def test_a_cancel_ends_a_waiting_question_at_once(
    context: RecordingContext, judge: JudgeServer
) -> None:
    judge.mode = "slow"

    def cancel() -> None:
        judge.is_asked.wait(30)
        context.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    options = FindingOptions(judge_url=judge.url, judge_model="m")
    with pytest.raises(CancelledError):
        find(spoken(sentences()), context, options)
    thread.join()
    assert len(judge.asked) == 1


def test_a_judge_on_another_machine_is_never_asked(context: RecordingContext) -> None:
    with pytest.raises(InputError) as caught:
        find(spoken(sentences()), context, FindingOptions(judge_url="http://192.0.2.1:11434"))
    assert caught.value.failure.code == "judge-not-local"
