# Prints what the site says of itself. Reads only: no byte code, no rows. Each part is asked for on its own, so that one
# failure hides no other.
import gc, json, os, re, sys, traceback
# Each sweep goes through all that the imports have made, and finds nothing; this process ends soon.
gc.disable()
state = {}
def part(name, ask):
    try:
        value = ask()
        if value is not None:
            state[name] = value
    except Exception as error:
        state.setdefault(name + 'Error', '%s: %s' % (type(error).__name__, error))
def unapplied():
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return ['%s.%s' % (m.app_label, m.name) for m, backwards in plan]
def static():
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.contrib.staticfiles.storage import staticfiles_storage as target
    seen, missing, cut_off, remote = set(), 0, [], False
    def copy_of(name):
        try:
            return os.stat(target.path(name)), True
        except FileNotFoundError:
            # A storage with a manifest may keep nothing but the copies under names of their own, which are changed in copying.
            if not hasattr(target, 'stored_name'):
                raise
            try:
                return os.stat(target.path(target.stored_name(name))), False
            except ValueError:
                raise FileNotFoundError(name)
    for finder in get_finders():
        for path, storage in finder.list(['CVS', '.*', '*~']):
            name = os.path.join(storage.prefix, path) if getattr(storage, 'prefix', None) else path
            if name in seen:
                continue
            seen.add(name)
            if remote:
                continue
            try:
                source, (copy, plain) = os.stat(storage.path(path)), copy_of(name)
            except NotImplementedError:
                # Another server has them: it is asked for one, below.
                remote = True
                continue
            except FileNotFoundError:
                missing += 1
                continue
            if int(copy.st_mtime) < int(source.st_mtime):
                missing += 1
            elif plain and copy.st_size != source.st_size:
                cut_off.append(name)
    sample = min((name for name in seen if name.endswith('.css')), default=None)
    url = None
    if sample is not None:
        try:
            url = target.url(sample)
        except ValueError:
            # A storage with a manifest gives each copy a name of its own; this one is not in it yet.
            missing += 1
    if remote and sample is not None and not missing:
        stored = target.stored_name(sample) if hasattr(target, 'stored_name') else sample
        missing = 0 if target.exists(stored) else len(seen)
    here = url is not None and url.startswith('/') and not url.startswith('//')
    return {'missing': missing + len(cut_off), 'cutOff': cut_off,
            'root': type(target).__name__ if remote else str(settings.STATIC_ROOT),
            **({'sample': url} if here else {})}
def served():
    from django.conf import settings
    pairs = ((settings.STATIC_URL, settings.STATIC_ROOT), (settings.MEDIA_URL, settings.MEDIA_ROOT))
    return [{'url': str(url), 'root': os.path.abspath(str(root))} for url, root in pairs if url and root]
def site():
    from django.contrib.sites.models import Site
    from django.conf import settings
    return Site.objects.get(id=getattr(settings, 'SITE_ID', 1)).domain
def admins():
    from django.contrib.auth import get_user_model
    return get_user_model().objects.filter(is_superuser=True, is_active=True).count()
def media():
    from django.conf import settings
    return str(settings.MEDIA_ROOT) if settings.MEDIA_ROOT else None
def searchable():
    from django.apps import apps
    models = [apps.get_model(*each) for each in (('films', 'Film'), ('blog', 'Post'), ('training', 'Training'))
              if apps.is_installed(each[0])]
    return sum(model.objects.count() for model in models) if models else None
def queue():
    from django.apps import apps
    from django.conf import settings
    from django.db.models import Min
    from django.utils import timezone
    if not apps.is_installed('background_task'):
        return None
    Task = apps.get_model('background_task', 'Task')
    names = {field.name for field in Task._meta.get_fields()}
    due = 'run_at' if 'run_at' in names else 'queued_at'
    now = timezone.now()
    tasks = Task.objects.filter(**{due + '__lte': now})
    failed = tasks.exclude(failed_at=None).count() if 'failed_at' in names else 0
    for name in ('done_at', 'failed_at'):
        if name in names:
            tasks = tasks.filter(**{name: None})
    locked = None
    if 'locked_at' in names:
        locked = tasks.aggregate(at=Min('locked_at'))['at']
        tasks = tasks.filter(locked_at=None)
    oldest = tasks.aggregate(at=Min(due))['at']
    age = lambda name, at: {name: (now - at).total_seconds()} if at else {}
    return {'waiting': tasks.count(), 'failed': failed, 'maxRun': getattr(settings, 'MAX_RUN_TIME', 3600),
            **age('oldest', oldest), **age('locked', locked)}
def integrations():
    from django.conf import settings
    # With STORAGES (Django 4.2 and later) the old name says nothing of it.
    storages = getattr(settings, 'STORAGES', None) or {}
    countries = str(getattr(settings, 'GEOIP2_DB', None) or '')
    def filled_in(name, value):
        if isinstance(value, dict):
            for key, own in value.items():
                yield from filled_in('%s.%s' % (name, key), own)
        elif value is None or isinstance(value, (str, bytes)):
            text = value.decode(errors='replace') if isinstance(value, bytes) else value or ''
            yield name, text != '' and not re.search('CHANGE[_-]?ME', text)
    module = vars(sys.modules[os.environ['DJANGO_SETTINGS_MODULE']])
    names = {name: value for name, value in module.items() if name.isupper()}
    return {
        'filledIn': dict(pair for name, value in names.items() for pair in filled_in(name, value)),
        'emailBackend': str(getattr(settings, 'EMAIL_BACKEND', '')),
        'fileStorage': str(storages.get('default', {}).get('BACKEND') or getattr(settings, 'DEFAULT_FILE_STORAGE', '')),
        'countriesReadable': os.path.isfile(countries) and os.access(countries, os.R_OK),
        'loginAddress': str((getattr(settings, 'BLENDER_ID', None) or {}).get('BASE_URL') or ''),
    }
def checks():
    from django.core.checks import run_checks
    return [{'id': c.id or '', 'level': c.level, 'message': str(c.msg)} for c in run_checks(include_deployment_checks=True)]
try:
    sys.path.insert(0, os.getcwd())
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'studio.settings')
    import django
    state['version'] = django.get_version()
    django.setup()
    from django.conf import settings
    state['debug'] = bool(settings.DEBUG)
    state['insecureOauth'] = 'OAUTHLIB_INSECURE_TRANSPORT' in os.environ
except BaseException:
    lines = traceback.format_exc().strip().splitlines()
    frames = [line.strip() for line in lines if line.strip().startswith('File ') and os.getcwd() in line]
    state['importError'] = ' '.join([lines[-1]] + frames[-1:])
else:
    part('unapplied', unapplied)
    if 'unappliedError' in state:
        state['databaseError'] = state['unappliedError']
    else:
        part('siteDomain', site)
        part('admins', admins)
        part('searchable', searchable)
        part('queue', queue)
    part('static', static)
    part('served', served)
    part('media', media)
    part('integrations', integrations)
    part('checks', checks)
try:
    # Else the database writes into its log that a connection was lost.
    sys.modules['django.db'].connections.close_all()
except Exception:
    pass
print('\n@@' + json.dumps(state), flush=True)
# Of its own accord Python would first take apart all that the imports made, in a fifth of the whole time.
os._exit(0)
