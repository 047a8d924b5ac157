"""What the versions of Meilisearch do differently. A release is made by putting its number into NUMBER.

Each difference is a row of target.md, section 4 (read in Meilisearch's sources and tried on its real binaries), unless
another source is named beside it.
"""

NUMBER = '0.0.0'


class Version:
    """The differences, each by the name of what it changes."""

    def __init__(self, number: str):
        self.number = number
        self.triple = tuple(int(part) for part in number.split('.'))
        self.minor = self.triple[:2]
        #: Row "--version": the program's name for itself
        self.program = 'meilisearch' if self.minor >= (1, 0) else 'meilisearch-http'
        #: Row "--version": 0.26.x does not know the option
        self.tells_its_version = self.minor != (0, 26)
        #: Row "bad option"
        self.exit_of_bad_option = 2 if self.minor >= (0, 26) else 1
        #: Row "--no-analytics true"; also upstream issues 2097 (the value goes, from 0.26 on) and 2285 (0.24 wants one)
        self.flag_takes_a_value = self.minor < (0, 26)
        #: Row "--no-analytics true", 0.25: the flag and the variable together are refused
        self.refuses_flag_and_variable = self.minor == (0, 25)
        #: 0.25: upstream pull request 1984; 1.x: cachix/devenv issue 1667, on 1.11.3. Others take what they are given.
        self.wants_true_or_false = self.minor == (0, 25) or self.minor >= (1, 0)
        #: Rows "header" and "GET /keys": bearer tokens, keys with actions, and one list of tasks
        self.has_scoped_keys = self.minor >= (0, 25)
        #: Row "GET /keys" and its notes: pages of 20, `uid` and `name`, HMAC, `taskUid`, PATCH for settings
        self.has_pages = self.minor >= (0, 28)
        #: Row "private key": from 1.16 on two more default keys
        self.has_four_keys = self.minor >= (1, 16)
        #: Row "production master key"
        self.wants_long_master_key = self.minor >= (1, 0)
        #: Row "at each start it makes"; upstream issue 3243
        self.makes_dumps_folder = self.minor >= (0, 30)
        #: "Folder of dumps"
        self.dumps_option = '--dump-dir' if self.minor >= (1, 0) else '--dumps-dir'
        self.dumps_variable = 'MEILI_DUMP_DIR' if self.minor >= (1, 0) else 'MEILI_DUMPS_DIR'
        #: "Which data a version opens": 0.24 writes no VERSION file and checks none
        self.marks_data = self.minor >= (0, 25)
        #: meilisearch-types/src/versioning.rs of 1.13 and later
        self.upgrades_data = self.minor >= (1, 13)

    def opens_data_of(self, found: str) -> bool:
        other = Version(found)
        if self.minor >= (1, 14):
            return other.triple == self.triple
        if self.minor == (1, 13):
            return other.minor == self.minor and other.triple <= self.triple
        return other.minor == self.minor

    def wrong_data(self, found: str) -> str:
        """Words by version: target.md, and VersionFileError in versioning.rs (before 0.30 in meilisearch-lib)."""
        if self.minor >= (1, 12):
            return (
                f'Your database version ({found}) is incompatible with your current engine version ({self.number}).\n'
                'To migrate data between Meilisearch versions, please follow our guide on '
                'https://www.meilisearch.com/docs/learn/update_and_migration/updating'
            )
        name = 'Meilisearch' if self.minor >= (0, 26) else 'MeiliSearch'
        return (
            f'Expected {name} engine version: {found}, current engine version: {self.number}. '
            f'To update {name} use a dump.'
        )

    def unmarked_data(self) -> str:
        if self.minor == (0, 25):
            return (
                'Version file is missing or the previous MeiliSearch engine version was below 0.24.0. '
                'Use a dump to update MeiliSearch.'
            )
        return (
            f'Meilisearch (v{self.number}) failed to infer the version of the database.\n'
            '        To update Meilisearch please follow our guide on '
            'https://docs.meilisearch.com/learn/advanced/updating.html.'
        )

    def not_upgraded(self, found: str) -> str:
        """Why `--experimental-dumpless-upgrade` does not help either; an empty text when it does (versioning.rs)."""
        other = Version(found)
        if other.triple > self.triple:
            return (
                f'Database version {found} is higher than the Meilisearch version {self.number}. '
                'Downgrade is not supported'
            )
        if other.minor < (1, 12):
            return (
                f'Database version {found} is too old for the experimental dumpless upgrade feature. '
                f'Please generate a dump using the v{found} and import it in the v{self.number}'
            )
        return ''
