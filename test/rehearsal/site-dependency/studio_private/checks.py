from django.conf import settings
from django.core.checks import Error, register

from studio_private.money import MoneyLocaleMissing, money_locale


@register()
def money_locale_is_usable(app_configs, **kwargs):
    """Prices can be shown only when the host has generated the locale that the settings name."""
    try:
        with money_locale(settings.LOOPER_MONEY_LOCALE):
            return []
    except MoneyLocaleMissing as error:
        return [
            Error(
                str(error),
                hint='Generate the locale on the host (locale-gen), or change LOOPER_MONEY_LOCALE.',
                id='studio_private.E001',
            )
        ]
