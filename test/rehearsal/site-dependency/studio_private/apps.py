from django.apps import AppConfig


class StudioPrivateConfig(AppConfig):
    name = 'studio_private'
    verbose_name = 'Money and subscriptions'

    def ready(self):
        from studio_private import checks  # noqa: F401  registers the checks
