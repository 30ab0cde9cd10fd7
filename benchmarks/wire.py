"""A wire between a browser and the site that counts what comes over it, headers and all."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread

PIECE = 65536


class Wire:
    """Listens on a port of its own and hands everything on; `down` is the bytes that came from the site."""

    def __init__(self, host: str, port: int) -> None:
        self.to = (host, port)
        self.listening = socket.create_server((host, 0))
        self.url = f"http://{host}:{self.listening.getsockname()[1]}"
        self.down = 0
        self.lock = Lock()
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                far = socket.create_connection(self.to)
                Thread(target=self._hand_on, args=(near, far, False), daemon=True).start()
                Thread(target=self._hand_on, args=(far, near, True), daemon=True).start()

    def _hand_on(self, source: socket.socket, to: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if counts:
                    with self.lock:
                        self.down += len(piece)
                to.sendall(piece)
        with suppress(OSError):
            to.shutdown(socket.SHUT_WR)

    def since(self, before: int) -> int:
        """Bytes that came since there were `before`."""
        with self.lock:
            return self.down - before


@contextmanager
def wire(host: str, port: int) -> Iterator[Wire]:
    made = Wire(host, port)
    try:
        yield made
    finally:
        made.listening.close()
