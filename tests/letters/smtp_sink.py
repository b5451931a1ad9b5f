"""A small mail server for tests: speaks enough SMTP for smtplib, keeps what it gets, misbehaves on demand."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.received: list[EmailMessage] = []
        self.replies: dict[str, str] = {}
        """What to answer instead, by command (RCPT, MAIL) or "." for the end of the content."""
        self.hang_up_after: str = ""
        """A command (or ".") after which the line is cut without an answer."""
        self.content_arrived, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            command = line.split()[0].decode().upper() if line.split() else ""
            if command == self.server.hang_up_after:
                return
            if command == "DATA":
                self._say("354 go on")
                if not self._content():
                    return
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say(self.server.replies.get(command, "250 ok"))

    def _content(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not self.server.replies.get("."):
            self.server.received.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.server.content_arrived.set()
        self.server.may_answer.wait(30)
        if self.server.hang_up_after == ".":
            return False
        self._say(self.server.replies.get(".", "250 kept"))
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()


@contextmanager
def running_sink() -> Iterator[Sink]:
    sink = Sink()
    thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield sink
    finally:
        sink.may_answer.set()
        sink.shutdown()
        sink.server_close()
        thread.join(5)
