"""An incoming webhook: writes the body of each POST to a file, a line each, and answers as Slack's do (200, "ok")."""
import http.server, sys


class Webhook(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer()

    def do_POST(self):
        body = self.rfile.read(int(self.headers['content-length'])).decode()
        with open(sys.argv[2], 'a') as told:
            told.write(body + '\n')
        self.answer()

    def answer(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'ok')

    def log_message(self, *arguments):
        pass


http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Webhook).serve_forever()
