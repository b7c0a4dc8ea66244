"""Takes approved replies, and tells how a comment stands. Needs: pip install standardwebhooks; run with a port."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from standardwebhooks import Webhook, WebhookVerificationError

COMMENTS: dict[str, dict[str, Any]] = {}  # by id; here your database comes in
REPLIES: dict[str, dict[str, Any]] = {}  # by key


class Platform(BaseHTTPRequestHandler):
    """`reply_url` and `item_url`, both at any path."""

    def do_POST(self) -> None:
        """A reply to post. The same key again is the same reply: nothing happens twice."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.is_signed(body):
            return self.answer(401, {"error": "The signature does not fit."})
        reply = json.loads(body)["data"]
        new = {"id": f"r{len(REPLIES) + 1}", "text": reply["text"], "below": reply["item"]}
        posted = REPLIES.setdefault(reply["key"], new)
        return self.answer(200, {"id": posted["id"], "url": f"https://shop.example/r/{posted['id']}"})

    def do_GET(self) -> None:
        """A comment as it stands now; 404 or 410 when it is gone. The query is what is signed."""
        query = urlsplit(self.path).query
        if not self.is_signed(query.encode()):
            return self.answer(401, {"error": "The signature does not fit."})
        found = COMMENTS.get(parse_qs(query)["id"][0])
        return self.answer(404, {"error": "There is no such comment."}) if found is None else self.answer(200, found)

    def is_signed(self, data: bytes) -> bool:
        """Whether it comes from Portavoz, within the last five minutes."""
        webhook = Webhook(os.environ["PORTAVOZ_SECRET_SHOP"])
        try:
            webhook.verify(data, dict(self.headers), json_parse=False)
        except WebhookVerificationError:
            return False
        return True

    def answer(self, status: int, body: dict[str, Any]) -> None:
        """Answer with JSON."""
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Platform).serve_forever()
