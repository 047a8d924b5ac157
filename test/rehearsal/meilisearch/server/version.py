"""What the versions of Meilisearch do differently. A release is made by putting its number into NUMBER."""

NUMBER = '0.0.0'


class Version:
    """The differences, each by the name of what it changes."""

    def __init__(self, number: str):
        self.number = number
        self.minor = tuple(int(part) for part in number.split('.')[:2])
        #: `Authorization: Bearer` instead of `X-Meili-API-Key`, keys with actions, and one list of tasks
        self.has_scoped_keys = self.minor >= (0, 25)
        #: `PATCH` and `PUT` for settings, lists in pages, `taskUid`, HMAC
        self.has_pages = self.minor >= (0, 28)
        #: A production master key of 16 bytes, and `--no-analytics` without a value
        self.is_strict = self.minor >= (1, 0)
        #: Two more default keys: for reading everything, and for chats
        self.has_four_keys = self.minor >= (1, 50)

    def opens_data_of(self, other: str) -> bool:
        return Version(other).minor == self.minor
