# values: domain.
from django.conf import settings
from django.contrib.sites.models import Site
domain = values['domain']
Site.objects.filter(id=getattr(settings, 'SITE_ID', 1)).update(domain=domain, name=domain)
