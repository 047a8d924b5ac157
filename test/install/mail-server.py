"""
Mail servers for the site to send to, each on a port of its own:
- SMTP by Python's own smtpd (RFC 5321), which prints what it gets. Its recipients and its login are refused as
  RFC 5321 (4.2.3: 550) and RFC 4954 (6: 535) have it.
- The messages API of Mailgun, with the answers of its documentation ("Sending", "Errors"): 200 with id and message,
  401 "Forbidden", 404 for a domain that it does not know.
"""
import asyncore, base64, http.server, json, smtpd, sys, threading

smtp_port, api_port, key = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]


class Channel(smtpd.SMTPChannel):
    def smtp_EHLO(self, arg):
        self.seen_greeting, self.extended_smtp = arg, True
        self.push('250-mail.example.org')
        self.push('250 AUTH PLAIN')

    def smtp_AUTH(self, arg):
        self.push('535 5.7.8 Authentication credentials invalid: %s' % base64.b64decode(arg.split()[1]).decode().split('\0')[2])

    def smtp_RCPT(self, arg):
        if 'nobody@' in arg:
            self.push('550 5.1.1 No such user here')
        else:
            super().smtp_RCPT(arg)


class Server(smtpd.SMTPServer):
    channel_class = Channel

    def process_message(self, peer, mailfrom, rcpttos, data, **options):
        print('GOT', mailfrom, rcpttos, data.decode(), flush=True)
        return '250 2.0.0 Ok: queued as 4B5A'


class Api(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['content-length'])).decode()
        login = base64.b64decode(self.headers['authorization'].split()[1]).decode()
        print('GOT', self.path, body, flush=True)
        if login != 'api:' + key:
            self.answer(401, 'Forbidden')
        elif self.path != '/v3/mail.example.org/messages':
            self.answer(404, json.dumps({'message': 'Domain not found: ' + self.path.split('/')[2]}))
        else:
            self.answer(200, json.dumps({'id': '<20261129.1@mail.example.org>', 'message': 'Queued. Thank you.'}))

    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass


api = http.server.HTTPServer(('127.0.0.1', api_port), Api)
threading.Thread(target=api.serve_forever, daemon=True).start()
Server(('127.0.0.1', smtp_port), None)
print('READY', flush=True)
asyncore.loop()
