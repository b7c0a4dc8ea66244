"""A collector of OpenTelemetry traces on 127.0.0.1: takes OTLP over HTTP and keeps the spans that it is sent."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True)
class Span:
    """A span as it came over the wire; ids in hexadecimal, times in seconds."""

    name: str
    trace: str
    id: str
    parent: str
    start: float
    end: float
    failed: bool
    about: dict[str, str]
    resource: dict[str, str]


@dataclass
class Collector:
    """What it was sent; `headers` are those of the last request."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def take(self, body: bytes) -> None:
        self.requests.append(body)
        sent = ExportTraceServiceRequest.FromString(body)
        for group in sent.resource_spans:
            resource = {pair.key: pair.value.string_value for pair in group.resource.attributes}
            for scope in group.scope_spans:
                self.spans += [
                    Span(
                        name=span.name,
                        trace=span.trace_id.hex(),
                        id=span.span_id.hex(),
                        parent=span.parent_span_id.hex(),
                        start=span.start_time_unix_nano / 1e9,
                        end=span.end_time_unix_nano / 1e9,
                        failed=span.status.code == span.status.STATUS_CODE_ERROR,
                        about={pair.key: pair.value.string_value for pair in span.attributes},
                        resource=resource,
                    )
                    for span in scope.spans
                ]


@contextmanager
def collector() -> Iterator[Collector]:
    """A running one."""
    kept = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            kept.headers = {name.lower(): value for name, value in self.headers.items()}
            if self.path != "/v1/traces" or self.headers["Content-Type"] != "application/x-protobuf":
                self.send_error(404)
                return
            kept.take(body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the tests look at what was kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
