import hashlib
import hmac
import os
import pathlib
import urllib.parse

from django.conf import settings
from django.contrib.sites.models import Site
from django.http import HttpResponse, HttpResponseForbidden, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from studio_private.money import as_money

from blog.models import Post
from films.models import Film
from studio import release
from training.models import Training

MONTHLY_PRICE_CENTS = 1150


def home(request):
    """Everything on this page comes out of the database, the price excepted, which needs the host's locale."""
    return render(
        request,
        'common/home.html',
        {
            'site': Site.objects.get_current(),
            'release': release.NAME,
            'films': Film.objects.all(),
            'trainings': Training.objects.all(),
            'posts': Post.objects.all(),
            'price': as_money(MONTHLY_PRICE_CENTS, 'EUR', settings.LOOPER_MONEY_LOCALE),
        },
    )


def search(request):
    """The visitor's browser sends its searches to the search engine by itself, with the public key."""
    return render(
        request,
        'common/search.html',
        {
            'address': settings.MEILISEARCH_API_ADDRESS,
            'public_key': settings.MEILISEARCH_PUBLIC_KEY,
        },
    )


def settings_in_use(request):
    """Tells how the settings came out, without telling any secret."""
    gateway = settings.GATEWAYS['braintree']
    return JsonResponse(
        {
            'release': release.NAME,
            'site_domain': Site.objects.get_current().domain,
            'debug': settings.DEBUG,
            'allowed_hosts': settings.ALLOWED_HOSTS,
            'insecure_oauth': 'OAUTHLIB_INSECURE_TRANSPORT' in os.environ,
            'login_address': _blender_id('oauth/authorize'),
            'braintree_environment': str(gateway['environment']),
            'braintree_currencies': sorted(gateway['merchant_account_ids']),
            'search_address': settings.SEARCH_CLIENT.config.url,
            'recaptcha_site_key': settings.GOOGLE_RECAPTCHA_SITE_KEY,
            'analytics': settings.GOOGLE_ANALYTICS_TRACKING_ID,
            'cloudfront_key_lines': len((settings.AWS_CLOUDFRONT_KEY or b'').splitlines()),
            'country_database': pathlib.Path(settings.GEOIP2_DB).exists(),
            'money_locale': settings.LOOPER_MONEY_LOCALE,
            'email_backend': settings.EMAIL_BACKEND,
            'is_secure': request.is_secure(),
        }
    )


def login(request):
    client = urllib.parse.quote(settings.BLENDER_ID['OAUTH_CLIENT'])
    return HttpResponseRedirect(f'{_blender_id("oauth/authorize")}?response_type=code&client_id={client}')


@csrf_exempt
@require_POST
def user_modified(request):
    """Blender ID tells of a changed account; it signs what it sends with the secret, which has to be bytes."""
    secret = settings.BLENDER_ID['WEBHOOK_USER_MODIFIED_SECRET']
    signature = hmac.new(secret, request.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature, request.headers.get('X-Webhook-HMAC', '')):
        return HttpResponseForbidden('Wrong signature')
    return HttpResponse(status=204)


def _blender_id(path: str) -> str:
    """Without its slash at the end, the last part of the base address gets lost here."""
    return urllib.parse.urljoin(settings.BLENDER_ID['BASE_URL'], path)
