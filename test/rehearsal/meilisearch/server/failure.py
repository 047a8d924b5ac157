"""Refused requests, and why."""


class Failure(Exception):
    """A request that is answered with an error: a status, a code, a type and a message."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    @property
    def type(self) -> str:
        return 'auth' if self.status in (401, 403) else 'invalid_request'

    def body(self) -> dict:
        # So from 0.24 on: errors.py of the Python client reads `errorCode` in 0.16.2 (for 0.23), `code` in 0.17.0 (for 0.24).
        link = f'https://docs.example.test/errors#{self.code}'
        return {'message': self.message, 'code': self.code, 'type': self.type, 'link': link}


class Startup(Exception):
    """Why the process ends instead of serving."""


def index_missing(uid: str) -> Failure:
    return Failure(404, 'index_not_found', f'Index `{uid}` not found.')


def document_missing(identifier: str) -> Failure:
    return Failure(404, 'document_not_found', f'Document `{identifier}` not found.')


def bad_request(message: str, code: str = 'bad_request') -> Failure:
    return Failure(400, code, message)
