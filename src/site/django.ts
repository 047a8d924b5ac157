import { template } from '../../templates/index.ts';
import { environment } from '../configs/environment.ts';
import type { Host, Prepared, RunOptions } from '../host/host.ts';
import type { IntegrationsInForce } from './integration-switches.ts';
import { CHECKOUT, SERVICE_UNITS, SETTINGS, SITE_USER, UNITS, VENV } from './layout.ts';

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
  /** Addresses and folders of static files and uploads: STATIC_URL with STATIC_ROOT, MEDIA_URL with MEDIA_ROOT. */
  readonly served?: readonly { readonly url: string; readonly root: string }[];
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
  readonly integrations?: IntegrationsInForce;
  /** Whether Django knows SECRET_KEY_FALLBACKS (4.1 and later). */
  readonly version?: string;
}

/**
 * Imports the site's settings as the services do: as www-data, under the unit's environment.
 * @param begun called when Python runs for it; not where it was asked before, or there is nothing to ask
 * @returns what it says; `undefined` while there is no settings.py or no virtualenv.
 */
export function djangoState(host: Host, begun?: () => void): Promise<DjangoState | undefined> {
  return host.once('django', async () => {
    if (
      (await host.status(SETTINGS)) === undefined ||
      (await host.status(`${VENV}/bin/python`)) === undefined
    ) {
      return undefined;
    }
    const result = await python(host, template('python/state.py'), begun ? { onStart: begun } : {});
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
  options: Pick<RunOptions, 'timeoutMs' | 'acts'> = {},
): Promise<Value | { readonly wrong: string }> {
  const result = await python(host, siteProgram(script), options);
  const line = result.stdout.split('\n').findLast((each) => each.startsWith('@@'));
  if (line !== undefined) return JSON.parse(line.slice(2)) as Value;
  return { wrong: result.stderr.trim().split('\n').at(-1) || `Python ended with exit code ${result.code}` };
}

/**
 * What takes long of each program that the site's Django runs is done once for all of them.
 * @param program Python
 */
export function inSite(program: string): Prepared {
  return {
    python: `${VENV}/bin/python`,
    preparation: siteProgram(template('python/preparation.py')),
    program,
  };
}

/** @returns a program that sets Django up with the site's settings and goes on with `body`. */
export function siteProgram(body: string): string {
  return `${template('python/setup.py')}${body}`;
}

/**
 * @param values come by standard input, with the program itself: argv and environment can be seen by others
 * @returns `body`, to which `values` is a dict of them
 */
export function withValues(values: Readonly<Record<string, string>>, body: string): string {
  // The program is standard input too, so the values stand in it as one Python literal.
  return `values = json.loads(${JSON.stringify(JSON.stringify(values))})\n${body}`;
}

/** Runs a Python script with the virtualenv of the site in the checkout, as www-data. */
async function python(
  host: Host,
  script: string,
  options: Pick<RunOptions, 'timeoutMs' | 'acts' | 'onStart'> = {},
) {
  return host.query([`${VENV}/bin/python`, '-'], {
    as: SITE_USER,
    cwd: CHECKOUT,
    env: await unitEnvironment(host),
    input: script,
    prepared: inSite(script),
    quiet: true,
    ...options,
  });
}

/** @returns the variables that `studio.service` sets, so that what imports here imports there. */
export async function unitEnvironment(host: Host): Promise<Record<string, string>> {
  const unit = await host.read(`${UNITS}/${SERVICE_UNITS.studio}`);
  return unit === undefined ? {} : Object.fromEntries(environment(unit));
}

/** @returns the arguments that start one of the site's management commands. */
export function manage(...args: readonly string[]): readonly string[] {
  return [`${VENV}/bin/python`, `${CHECKOUT}/manage.py`, ...args];
}
