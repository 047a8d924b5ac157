"""The command line and the environment, as each version takes them (target.md, section 4)."""
import dataclasses
import sys

from version import Version

COMMON = {
    '--master-key': 'MEILI_MASTER_KEY',
    '--db-path': 'MEILI_DB_PATH',
    '--http-addr': 'MEILI_HTTP_ADDR',
    '--env': 'MEILI_ENV',
    '--no-analytics': 'MEILI_NO_ANALYTICS',
    '--snapshot-dir': 'MEILI_SNAPSHOT_DIR',
    # option.rs of 0.29 and later; the option itself is older (meilisearch/specifications, 0105-dumps-api.md)
    '--import-dump': 'MEILI_IMPORT_DUMP',
}
UPGRADE = '--experimental-dumpless-upgrade'


@dataclasses.dataclass
class Options:
    #: None when it is not given; an empty one is given
    master_key: str | None
    db_path: str
    dumps: str
    host: str
    port: int
    env: str
    upgrades_data: bool
    #: the path of a dump that the data begins with
    import_dump: str | None


class Refusal:
    """Ends the process with the words of the argument parser of that version: clap 2, 3 and 4."""

    def __init__(self, version: Version):
        self.version = version

    def end(self, *lines: str):
        print('error: ' + '\n  '.join(lines), file=sys.stderr)
        usage = f'\nUSAGE:\n    {self.version.program} [OPTIONS]' if self.version.minor < (1, 0) else (
            f'\nUsage: {self.version.program} [OPTIONS]'
        )
        print(f'{usage}\n\nFor more information try --help', file=sys.stderr)
        sys.exit(self.version.exit_of_bad_option)

    def unknown(self, word: str):
        if self.version.minor > (1, 0):
            # clap 4.1 and later
            self.end(f"unexpected argument '{word}' found")
        self.end(f"Found argument '{word}' which wasn't expected, or isn't valid in this context")

    def without_value(self, name: str):
        self.end(f"The argument '{name} <{name[2:]}>' requires a value but none was supplied")

    def invalid(self, name: str, value: str, *more: str):
        self.end(f"invalid value '{value}' for '{name}'", *more)


def read(version: Version, arguments: list, environment: dict) -> Options:
    """An argument wins over its variable. What a version does not know ends the process."""
    names = {**COMMON, version.dumps_option: version.dumps_variable}
    flags = [] if version.flag_takes_a_value else ['--no-analytics']
    if version.upgrades_data:
        names[UPGRADE] = 'MEILI_EXPERIMENTAL_DUMPLESS_UPGRADE'
        flags.append(UPGRADE)
    refusal = Refusal(version)
    given = {name: environment[variable] for name, variable in names.items() if variable in environment}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition('=')
        if name in ('--version', '-V') and version.tells_its_version:
            print(f'{version.program} {version.number}')
            sys.exit(0)
        if name not in names:
            refusal.unknown(word)
        if name in flags:
            if equals:
                refusal.unknown(value)
            value = 'true'
        elif not equals:
            if not rest or rest[0].startswith('--'):
                refusal.without_value(name)
            value = rest.pop(0)
        if name == '--no-analytics' and name in given and version.refuses_flag_and_variable:
            refusal.end(
                "The argument '--no-analytics <no-analytics>' was provided more than once, "
                'but cannot be used multiple times'
            )
        given[name] = value
    return _checked(version, given, refusal)


def _checked(version: Version, given: dict, refusal: Refusal) -> Options:
    env = given.get('--env', 'development')
    if env not in ('development', 'production'):
        refusal.invalid('--env <ENV>', env, '[possible values: development, production]')
    quiet = given.get('--no-analytics', 'false')
    if version.wants_true_or_false and quiet not in ('true', 'false'):
        refusal.invalid('--no-analytics', quiet, '[possible values: true, false]')
    host, colon, port = given.get('--http-addr', 'localhost:7700').rpartition(':')
    if not colon or not port.isdigit():
        refusal.invalid('--http-addr <HTTP_ADDR>', given['--http-addr'])
    return Options(
        master_key=given.get('--master-key'),
        db_path=given.get('--db-path', './data.ms'),
        dumps=given.get(version.dumps_option, 'dumps/'),
        host=host,
        port=int(port),
        env=env,
        upgrades_data=given.get(UPGRADE) == 'true',
        import_dump=given.get('--import-dump'),
    )
