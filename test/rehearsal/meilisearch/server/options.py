"""The command line and the environment, as each version takes them."""
import dataclasses
import sys

from version import Version

NAMES = {
    '--master-key': 'MEILI_MASTER_KEY',
    '--db-path': 'MEILI_DB_PATH',
    '--http-addr': 'MEILI_HTTP_ADDR',
    '--env': 'MEILI_ENV',
    '--no-analytics': 'MEILI_NO_ANALYTICS',
}


@dataclasses.dataclass
class Options:
    master_key: str
    db_path: str
    host: str
    port: int
    env: str


def read(version: Version, arguments: list, environment: dict) -> Options:
    """An argument wins over its variable. What a version does not know ends the process with code 2."""
    given = {name: environment[variable] for name, variable in NAMES.items() if environment.get(variable)}
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition('=')
        if name in ('--version', '-V'):
            print(f'meilisearch {version.number}')
            sys.exit(0)
        if name not in NAMES:
            _refuse(f"unexpected argument '{name}' found")
        if name == '--no-analytics' and version.is_strict:
            if equals:
                _refuse(f"unexpected value '{value}' for '--no-analytics' found; no more were expected")
            value = 'true'
        elif not equals:
            if name == '--no-analytics' and (not rest or rest[0] not in ('true', 'false')):
                value = 'true'
            elif not rest:
                _refuse(f"a value is required for '{name} <VALUE>' but none was supplied")
            else:
                value = rest.pop(0)
        given[name] = value
    return _checked(given)


def _checked(given: dict) -> Options:
    env = given.get('--env', 'development')
    if env not in ('development', 'production'):
        _refuse(f"invalid value '{env}' for '--env <ENV>'", '[possible values: development, production]')
    if given.get('--no-analytics', 'false') not in ('true', 'false'):
        _refuse(f"invalid value '{given['--no-analytics']}' for '--no-analytics'")
    host, colon, port = given.get('--http-addr', 'localhost:7700').rpartition(':')
    if not colon or not port.isdigit():
        _refuse("invalid value for '--http-addr <HTTP_ADDR>': invalid socket address")
    return Options(
        master_key=given.get('--master-key', ''),
        db_path=given.get('--db-path', './data.ms'),
        host=host,
        port=int(port),
        env=env,
    )


def _refuse(*lines: str):
    print('error: ' + '\n  '.join(lines), file=sys.stderr)
    print('\nUsage: meilisearch [OPTIONS]\n\nFor more information, try --help.', file=sys.stderr)
    sys.exit(2)
