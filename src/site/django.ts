import { environment } from '../configs/environment.ts';
import type { Host } from '../host/host.ts';
import { CHECKOUT, SETTINGS, SITE_USER, UNITS, VENV } from './layout.ts';

/** The table of background tasks; ages are seconds, absent where there is no such task. */
interface TaskQueue {
  /** Due, not done, and not being worked on. */
  readonly waiting: number;
  readonly oldest?: number;
  /** The task that has been worked on for longest. */
  readonly locked?: number;
  /** Given up after too many attempts. */
  readonly failed: number;
  /** How long a task may be worked on (MAX_RUN_TIME of django-background-tasks). */
  readonly maxRun: number;
}

/** What the site says of itself, asked in one start of Django. */
export interface DjangoState {
  /** Why `studio.settings` does not import, as Python says it; absent when it does. */
  readonly importError?: string;
  /** Why the database can't be asked; absent when it can. */
  readonly databaseError?: string;
  /** `app.0001_initial` of each migration that is not applied. */
  readonly unapplied?: readonly string[];
  /** Static files that are missing or differ, and those that were cut off (same age, other size). */
  readonly static?: {
    readonly missing: number;
    readonly cutOff: readonly string[];
    readonly root: string;
    /** Path in the address of one of them, e.g. `/static/site.css`; absent where another host serves them. */
    readonly sample?: string;
  };
  /** Where uploads go, absolute. */
  readonly media?: string;
  /** Whether OAuth takes plain HTTP (OAUTHLIB_INSECURE_TRANSPORT). */
  readonly insecureOauth?: boolean;
  /** Rows of what the search is about; absent where the site has other models. */
  readonly searchable?: number;
  readonly queue?: TaskQueue;
  readonly siteDomain?: string;
  readonly admins?: number;
  /** Findings of `manage.py check --deploy`. */
  readonly checks?: readonly { readonly id: string; readonly level: number; readonly message: string }[];
  readonly debug?: boolean;
  /** Whether Django knows SECRET_KEY_FALLBACKS (4.1 and later). */
  readonly version?: string;
}

/** Reads only: no byte code, no rows. Each part is asked for on its own, so that one failure hides no other. */
const PROBE = `
import json, os, sys, traceback
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
    seen, missing, cut_off = set(), 0, []
    for finder in get_finders():
        for path, storage in finder.list(['CVS', '.*', '*~']):
            name = os.path.join(storage.prefix, path) if getattr(storage, 'prefix', None) else path
            if name in seen:
                continue
            seen.add(name)
            try:
                source, copy = os.stat(storage.path(path)), os.stat(target.path(name))
            except FileNotFoundError:
                missing += 1
                continue
            if int(copy.st_mtime) < int(source.st_mtime):
                missing += 1
            elif copy.st_size != source.st_size:
                cut_off.append(name)
    url = settings.STATIC_URL
    sample = min((name for name in seen if name.endswith('.css')), default=None)
    return {'missing': missing + len(cut_off), 'cutOff': cut_off, 'root': str(settings.STATIC_ROOT),
            **({'sample': url + sample} if sample and url.startswith('/') else {})}
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
    part('media', media)
    part('checks', checks)
print('\\n@@' + json.dumps(state))
`;

/**
 * Imports the site's settings as the services do: as www-data, under the unit's environment.
 * @returns what it says; `undefined` while there is no settings.py or no virtualenv.
 */
export function djangoState(host: Host): Promise<DjangoState | undefined> {
  return host.once('django', async () => {
    if (
      (await host.status(SETTINGS)) === undefined ||
      (await host.status(`${VENV}/bin/python`)) === undefined
    ) {
      return undefined;
    }
    const result = await python(host, PROBE);
    const line = result.stdout.split('\n').findLast((each) => each.startsWith('@@'));
    if (line !== undefined) return JSON.parse(line.slice(2)) as DjangoState;
    return {
      importError: result.stderr.trim().split('\n').at(-1) || `Python ended with exit code ${result.code}`,
    };
  });
}

/**
 * Asks the site something of its own, under its settings.
 * @param script Python, which calls `answer(value)` once, with a value that JSON can hold and that is no secret
 * @returns that value, or why there is none
 */
export async function site<Value extends object>(
  host: Host,
  script: string,
): Promise<Value | { readonly wrong: string }> {
  const result = await python(host, `${SETUP}${script}`);
  const line = result.stdout.split('\n').findLast((each) => each.startsWith('@@'));
  if (line !== undefined) return JSON.parse(line.slice(2)) as Value;
  return { wrong: result.stderr.trim().split('\n').at(-1) || `Python ended with exit code ${result.code}` };
}

/** The current folder is no part of Python's path when the script is standard input. */
export const SETUP = `
import json, os, sys
sys.path.insert(0, os.getcwd())
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'studio.settings')
def answer(value):
    print('\\n@@' + json.dumps(value))
import django
django.setup()
`;

/** Runs a Python script with the virtualenv of the site in the checkout, as www-data. */
async function python(host: Host, script: string) {
  return host.query([`${VENV}/bin/python`, '-'], {
    as: SITE_USER,
    cwd: CHECKOUT,
    env: await unitEnvironment(host),
    input: script,
    quiet: true,
  });
}

/** @returns the variables that `studio.service` sets, so that what imports here imports there. */
export async function unitEnvironment(host: Host): Promise<Record<string, string>> {
  const unit = await host.read(`${UNITS}/studio.service`);
  return unit === undefined ? {} : Object.fromEntries(environment(unit));
}

/** @returns the arguments for one of the site's management commands. */
export function manage(...args: readonly string[]): readonly string[] {
  return [`${VENV}/bin/python`, `${CHECKOUT}/manage.py`, ...args];
}
