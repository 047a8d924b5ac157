"""HTTP: takes requests apart, and sends answers."""
import dataclasses
import http.server
import json
import re
import sys
import threading
import urllib.parse

from failure import Failure, bad_request
from routes import Routes
from version import Version


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: object
    payload: bytes

    def count(self, name: str, default: int) -> int:
        text = self.query.get(name, str(default))
        if not text.isdigit():
            raise bad_request(f'`{name}` must be a number.')
        return int(text)

    def json(self):
        if not self.headers.get('Content-Type', '').startswith('application/json'):
            code = 'invalid_content_type' if 'Content-Type' in self.headers else 'missing_content_type'
            raise Failure(415, code, 'The Content-Type header must be application/json.')
        try:
            return json.loads(self.payload)
        except ValueError as error:
            raise bad_request(f'The payload is not JSON: {error}.', 'malformed_payload') from error


def make_server(version: Version, routes: Routes, lock: threading.RLock, host: str, port: int):
    """A server that is bound to its address; serve_forever makes it answer."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        server_version = 'Meilisearch'
        sys_version = ''
        # Head and body are written one by one: the second would wait for the first one's acknowledgement
        disable_nagle_algorithm = True

        def answer(self):
            address = urllib.parse.urlsplit(self.path)
            # Runs of slashes and a slash at the end make no difference
            path = re.sub('/+', '/', urllib.parse.unquote(address.path)).rstrip('/')
            query = dict(urllib.parse.parse_qsl(address.query))
            payload = self.rfile.read(int(self.headers.get('Content-Length') or 0))
            try:
                with lock:
                    status, body = routes.answer(Request(self.command, path, query, self.headers, payload))
                    content = b'' if body is None else json.dumps(body).encode()
            except Failure as failure:
                status, content = failure.status, json.dumps(failure.body()).encode()
            self.send_response(status)
            self.send_header('Content-Type', 'application/json')
            self.send_header('Content-Length', str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, text, *values):
            print(f'[{self.log_date_time_string()}] {text % values}', file=sys.stderr, flush=True)

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

    return Server((host, port), Handler)
