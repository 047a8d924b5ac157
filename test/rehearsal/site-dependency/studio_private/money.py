import contextlib
import locale


class MoneyLocaleMissing(Exception):
    """The host does not have the locale that prices are written in."""


@contextlib.contextmanager
def money_locale(name: str):
    """Use the named locale for money until the end of the block."""
    before = locale.setlocale(locale.LC_MONETARY)
    try:
        locale.setlocale(locale.LC_MONETARY, name)
    except locale.Error as error:
        raise MoneyLocaleMissing(f'LOOPER_MONEY_LOCALE: the host has no locale {name!r}') from error
    try:
        yield
    finally:
        locale.setlocale(locale.LC_MONETARY, before)


def as_money(cents: int, currency: str, locale_name: str) -> str:
    """Write an amount of a currency's smallest unit the way the locale does, e.g. `EUR 1,150.00`."""
    with money_locale(locale_name):
        return f'{currency} ' + locale.currency(cents / 100, symbol=False, grouping=True)
