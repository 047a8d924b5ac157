# values: address, subject, text. Sends one message as the site sends its own, and answers with what became of it.
import re, smtplib, socket, ssl
from django.conf import settings
from django.core import mail
# smtplib waits for ever without one.
socket.setdefaulttimeout(20)
def secrets_in(name, value):
    if isinstance(value, dict):
        for key, own in value.items():
            yield from secrets_in('%s.%s' % (name, key), own)
    elif isinstance(value, (str, bytes)) and re.search('KEY|SECRET|TOKEN|PASS|CREDENTIAL|SALT|AUTH|DSN', name):
        text = value.decode(errors='replace') if isinstance(value, bytes) else value
        if len(text) > 3:
            yield text
def said(words):
    """What a server or a library says may repeat what the settings hold; the longest first, as one may be part of another."""
    text = ' '.join((words.decode(errors='replace') if isinstance(words, bytes) else str(words)).split())
    module = vars(sys.modules[os.environ['DJANGO_SETTINGS_MODULE']])
    hidden = {text for name, value in module.items() if name.isupper() for text in secrets_in(name, value)}
    for secret in sorted(hidden, key=len, reverse=True):
        text = text.replace(secret, '••••')
    return text[:400]
def of_http(response):
    try:
        return {'code': response.status_code, 'said': said(response.json()['message'])}
    except (ValueError, KeyError, TypeError):
        return {'code': response.status_code, 'said': said(response.text)}
def send(connection, message):
    """Returns what the server answered, with the server; of a backend that tells nothing, an empty answer."""
    from django.core.mail.backends.smtp import EmailBackend
    if not isinstance(connection, EmailBackend):
        if not connection.send_messages([message]):
            raise RuntimeError('The backend says that it sent nothing.')
        status = getattr(message, 'anymail_status', None)
        if status is None:
            return {}
        return {**of_http(status.esp_response), **({'id': str(status.message_id)} if status.message_id else {})}
    connection.open()
    try:
        smtp, answers = connection.connection, []
        data = smtp.data
        smtp.data = lambda text: answers.append(data(text)) or answers[-1]
        connection.send_messages([message])
        code, words = answers[-1]
        return {'code': code, 'said': said(words)}
    finally:
        connection.close()
def server_of(connection):
    from django.core.mail.backends.smtp import EmailBackend
    if isinstance(connection, EmailBackend):
        way = 'TLS' if connection.use_ssl else 'STARTTLS' if connection.use_tls else 'no encryption'
        return '%s:%s, %s' % (connection.host, connection.port, way)
    return said(getattr(connection, 'api_url', ''))
def kind_of(error):
    """The failure by its class and code alone; another one is said in its own words."""
    response = getattr(error, 'response', None)
    if getattr(response, 'status_code', None) is not None:
        return {'kind': 'http', **of_http(response)}
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return {'kind': 'recipient', 'code': code, 'said': said(words)}
    classes = (
        (smtplib.SMTPAuthenticationError, 'login'), (smtplib.SMTPSenderRefused, 'sender'),
        (smtplib.SMTPResponseException, 'refused'), (smtplib.SMTPNotSupportedError, 'encryption'),
        (smtplib.SMTPServerDisconnected, 'disconnected'),
    )
    kind = next((kind for each, kind in classes if isinstance(error, each)), None)
    if kind is not None:
        code = getattr(error, 'smtp_code', None)
        words = said(getattr(error, 'smtp_error', None) or error)
        return {'kind': kind, 'said': words, **({} if code is None else {'code': code})}
    # requests and urllib3 wrap what the system said, several times over.
    chain, at = [], error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__ or getattr(at, 'reason', None)
        at = at if isinstance(at, BaseException) else None
    network = (
        (ssl.SSLError, 'certificate'), (socket.gaierror, 'name'), (ConnectionRefusedError, 'unreachable'),
        (TimeoutError, 'timeout'), (OSError, 'unreachable'),
    )
    for each, kind in network:
        found = next((one for one in chain if isinstance(one, each) and type(one).__module__ in ('builtins', 'socket', 'ssl')), None)
        if found is not None:
            return {'kind': kind, 'said': said(found)}
    return {'kind': 'unknown', 'said': said('%s: %s' % (type(error).__name__, error))}
outcome = {'backend': settings.EMAIL_BACKEND, 'sender': said(settings.DEFAULT_FROM_EMAIL), 'recipient': values['address']}
if re.match(r'django\.core\.mail\.backends\.(console|dummy|filebased|locmem)\.', settings.EMAIL_BACKEND):
    answer({**outcome, 'failed': {'kind': 'off', 'said': ''}})
else:
    try:
        connection = mail.get_connection(fail_silently=False)
        outcome['server'] = server_of(connection)
        message = mail.EmailMessage(
            values['subject'], values['text'], settings.DEFAULT_FROM_EMAIL, [values['address']], connection=connection)
        answer({**outcome, **send(connection, message)})
    except Exception as error:
        answer({**outcome, 'failed': kind_of(error)})
