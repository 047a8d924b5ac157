import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '../engine/operation.ts';
import type { Host, LiveHost, ProgramResult } from '../host/host.ts';
import { type Problem, ProblemError } from '../output/problem.ts';
import { aptHolder, refusalOf } from '../requirements/apt.ts';
import { journalOf } from '../site/units.ts';

export interface Packages extends Pick<Operation, 'id' | 'title' | 'after' | 'covers' | 'departure'> {
  /** Debian's package names; Ubuntu's are the same. */
  readonly packages: readonly string[];
  /** @returns those that are not needed here, as the operator has them from elsewhere */
  readonly unneeded?: (host: Host) => Promise<readonly string[]>;
  /** Units that Debian enables and starts when it installs these: not the product's work, unless Debian failed at it. */
  readonly starts?: readonly string[];
  /** @returns whether what they bring can be used while apt is still at work on them. Packages in use before must be `unneeded` */
  readonly usable?: (host: Host) => Promise<boolean>;
  /** @returns whether this server does without them */
  readonly unless?: (host: Host) => Promise<boolean>;
}

/** @returns the file of a packaged unit, which tells a plan that the unit is about to come with its package */
export function packagedUnit(unit: string): string {
  return `/lib/systemd/system/${unit}`;
}

/** Seconds that apt-get itself waits for another one's lock; who holds it was said in Requirements. */
const LOCK_SECONDS = 300;
/** Milliseconds for which apt's lists count as fresh. */
const FRESH_MS = 10 * 60_000;

/** dpkg(1), package states: nothing of the package runs. */
const ABSENT: readonly string[] = ['not-installed', 'config-files'];

// biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg's own placeholders
const FORMAT = '${Package} ${db:Status-Status}\\n';

/** Debian packages that must be installed. */
export function packages(wanted: Packages): Operation {
  return {
    id: wanted.id,
    title: wanted.title,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    script: [`install_packages ${wanted.packages.join(' ')}`],
    packages: {
      names: wanted.packages,
      missing: (host) => missingOf(host, wanted),
      fetch: (live) => fetchAhead(live, wanted),
    },
    async observe(host) {
      const missing = await missingOf(host, wanted);
      if (missing.length === 0) return undefined;
      const states = await packageStates(host);
      const unfinished = [...states.values()].some(
        (state) => state !== 'installed' && !ABSENT.includes(state),
      );
      const command = [
        ...INSTALL,
        '-o',
        `DPkg::Lock::Timeout=${LOCK_SECONDS}`,
        ...KEEP_OPERATORS.flatMap((option) => ['-o', `Dpkg::Options::=${option}`]),
        ...missing,
      ];
      return {
        kind: 'run',
        summary: `install ${missing.join(' ')}`,
        shell: [
          'apt-get update',
          `${INSTALL.join(' ')} ${KEEP_OPERATORS.map((option) => `-o Dpkg::Options::=${option}`).join(' ')} ${missing.join(' ')}`,
        ],
        touches: (wanted.starts ?? []).map(packagedUnit),
        starts: wanted.starts ?? [],
        irreversible: 'packages stay installed: other programs may use them by now',
        // dpkg brings what a kill left unfinished into use before apt is at work, which may interrupt it.
        ...(unfinished || wanted.usable === undefined ? {} : { usable: wanted.usable }),
        async apply(live) {
          // A kill in the middle of an install leaves packages unpacked and not configured: dpkg finishes those first.
          if (unfinished) {
            await aptLetsGo(live);
            await install(live, ['dpkg', ...KEEP_OPERATORS, '--configure', '-a']);
          }
          let fetched: ProgramResult | undefined;
          if (!(await listsAreFresh(live))) {
            // apt-get waits for dpkg's lock by itself, and not for that of the lists.
            await aptLetsGo(live);
            fetched = await live.run(['apt-get', 'update', '-q'], { explain });
          }
          await install(live, command, fetched);
        },
      };
    },
  };
}

const INSTALL = ['apt-get', 'install', '-y', '--no-install-recommends'];

/** dpkg(1): a file of the operator's in the place of a package's own stays; else it asks, and nobody is there to answer. */
const KEEP_OPERATORS = ['--force-confdef', '--force-confold'];

/** apt's cache of packages; one that is kept elsewhere (Dir::Cache::Archives) is left to apt. */
const ARCHIVES = '/var/cache/apt/archives';
/**
 * Of its own, as two apt-gets without a lock would write the same files in partial/. Inside the cache, as hard links need one file
 * system.
 */
const AHEAD = `${ARCHIVES}/studio-setup`;
/** Milliseconds, after which apt-get is left to fetch by itself when it installs. */
const FETCH_MS = 10 * 60_000;

/**
 * By apt.conf(5), apt-get without its lock resolves and fetches alongside another apt-get. While dpkg is at work, it may take
 * dependencies for broken and refuse; then nothing is fetched.
 */
async function fetchAhead(live: LiveHost, wanted: Packages): Promise<boolean> {
  const missing = await missingOf(live, wanted);
  const removed = () => live.run(['rm', '-rf', AHEAD], { evenWhenStopped: true });
  if (missing.length === 0) {
    // A kill left it, and `apt-get clean` does not remove folders.
    if ((await live.status(AHEAD)) !== undefined) await removed();
    return true;
  }
  if (!(await listsAreFresh(live))) return false;
  const { stdout } = await live.query(['apt-config', 'shell', 'folder', 'Dir::Cache::Archives/d']);
  if (stdout.trim() !== `folder='${ARCHIVES}/'`) return true;
  // The slash: the cache may be a link to another disk.
  const each = (folder: string, ln: readonly string[]) =>
    live.run([
      ...['find', `${folder}/`, '-maxdepth', '1', '-type', 'f', '-name', '*.deb'],
      ...['-exec', 'ln', ...ln, '--', '{}', '+'],
    ]);
  try {
    await live.run(['mkdir', '-p', AHEAD]);
    // What somebody put into the cache, on a server without internet, say, is not fetched. Symbolic links, as these don't go back:
    // apt may be installing from their files.
    await each(ARCHIVES, ['-sft', AHEAD]);
    await live.run(
      [
        ...INSTALL,
        '--download-only',
        ...['-o', 'Debug::NoLocking=true', '-o', `Dir::Cache::Archives=${AHEAD}/`, ...missing],
      ],
      { timeoutMs: FETCH_MS },
    );
    await each(AHEAD, ['-ft', ARCHIVES]);
  } finally {
    await removed();
  }
  return true;
}

/** Another package manager may have begun since the requirements were looked at. */
async function aptLetsGo(live: LiveHost): Promise<void> {
  let said = '';
  for (const until = Date.now() + LOCK_SECONDS * 1000; Date.now() < until && !live.signal.aborted; ) {
    const holder = await aptHolder(live);
    if (holder === undefined) return;
    if (holder !== said) live.say(`Waiting for ${holder}, which has locked apt.`);
    said = holder;
    await sleep(1000);
    live.forget();
  }
}

/**
 * Runs apt or dpkg; says which files of the operator's stayed, and shows the journal of a service that did not start.
 * @param fetched what fetching the lists said: apt ends with exit code 0 where it got none, and then knows no package
 */
async function install(live: LiveHost, command: readonly string[], fetched?: ProgramResult): Promise<void> {
  let output = '';
  const heard = (result: ProgramResult) => {
    output = result.inOrder ?? `${result.stdout}\n${result.stderr}`;
    const unknown = UNKNOWN_PACKAGE.test(output) && fetched !== undefined ? explain(fetched) : undefined;
    return unknown ?? explain(result);
  };
  try {
    const { stdout } = await live.run(command, {
      explain: heard,
      env: { APT_LISTCHANGES_FRONTEND: 'none' },
    });
    for (const kept of keptFiles(stdout))
      live.warn(
        `${kept} existed before its package was installed, and was kept. The package's version is ${kept}.dpkg-dist.`,
      );
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const unit = failedUnit(output);
    if (unit === undefined) throw error;
    throw new ProblemError(notStarted(error.problem, unit, await journalOf(live, unit)));
  }
}

/** @returns files that dpkg kept, by its own words (dpkg 1.21, src/main/configure.c, in the C locale) */
export function keptFiles(output: string): readonly string[] {
  return [
    ...output.matchAll(/^Configuration file '([^']+)'\n[\s\S]*?(?=^Configuration file '|$(?![\s\S]))/gm),
  ].flatMap(([words, path = '']) =>
    /Keeping old config file as default|Using current old file as you requested/.test(words) ? [path] : [],
  );
}

/** @returns the unit that a package's script could not start, by the words of systemctl and invoke-rc.d */
export function failedUnit(output: string): string | undefined {
  const [, unit, script] =
    /^Job for (\S+\.service) failed|^invoke-rc\.d: initscript (\S+), action "\w+" failed/m.exec(output) ?? [];
  return unit ?? (script === undefined ? undefined : `${script}.service`);
}

/** @param journal of the unit: the cause stands there, and no longer in what dpkg says last */
export function notStarted(problem: Problem, unit: string, journal: readonly string[]): Problem {
  // nginx's own sentence, of ngx_open_listening_sockets; 97 is EAFNOSUPPORT.
  const withoutIpv6 = journal.some((line) => /socket\(\) \[::\]:\d+ failed \(97:/.test(line));
  return {
    ...problem,
    what: `${unit} did not start while its package was installed, so the installation is not complete.`,
    remedy: withoutIpv6
      ? "IPv6 is disabled in this kernel, but nginx's default site listens on it: rm /etc/nginx/sites-enabled/default; then run again."
      : `Its journal is above (in full: journalctl -u ${unit}). Fix the cause, then run again: the installation is completed first.`,
    detail: journal,
  };
}

/** Three sections install packages in one run: the lists are fetched once. */
async function listsAreFresh(host: Host): Promise<boolean> {
  const lists = await host.status('/var/lib/apt/lists/partial');
  return lists !== undefined && Date.now() - lists.modified < FRESH_MS;
}

/** @returns the state of every package that dpkg knows, e.g. `installed`, `half-configured`. */
function packageStates(host: Host): Promise<ReadonlyMap<string, string>> {
  return host.once('packages', async () => {
    const { code, stdout, stderr } = await host.query(['dpkg-query', '-W', '-f', FORMAT], { quiet: true });
    if (code !== 0) throw notAsked(stderr);
    // A line that is empty is no package that waits to be configured.
    const lines = stdout.split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => line.split(' ') as [string, string]));
  });
}

/** Without its answer every package would pass for one that is missing. */
function notAsked(stderr: string): ProblemError {
  return new ProblemError({
    what: `dpkg can't tell which packages are installed: ${stderr.trim()}`,
    remedy:
      'Fix the error that dpkg-query -W prints (/var/lib/dpkg/status has a backup beside it), then run again.',
  });
}

async function missingOf(host: Host, { packages, unneeded, unless }: Packages): Promise<readonly string[]> {
  if (await unless?.(host)) return [];
  const states = await packageStates(host);
  const elsewhere = (await unneeded?.(host)) ?? [];
  return packages.filter((name) => {
    const state = states.get(name) ?? 'not-installed';
    // One that was begun is completed, needed or not.
    return state !== 'installed' && !(elsewhere.includes(name) && ABSENT.includes(state));
  });
}

/** Sentences of apt 2.6 in the C locale: apt-pkg/contrib/fileutl.cc, apt-private/private-cacheset.cc, methods/connect.cc. */
const LOCKED = /^E: Could not get lock /m;
const UNKNOWN_PACKAGE = /^E: Unable to locate package /m;
const NOT_FETCHED =
  /^(E: Failed to fetch | +(Temporary failure resolving|Could not resolve|Could not connect to|Unable to connect to|Connection failed|Connection timed out))/m;

function explain(result: ProgramResult): { what?: string; remedy: string } | undefined {
  const text = `${result.stdout}\n${result.stderr}`;
  if (LOCKED.test(text)) {
    return {
      what: 'Another program holds the lock of apt (the lines above name it).',
      remedy: 'On a new server this is often unattended-upgrades: wait a few minutes, then run again.',
    };
  }
  const refusal = refusalOf(text);
  if (refusal !== undefined) return { what: refusal.what, remedy: `${refusal.remedy}, then run again.` };
  if (UNKNOWN_PACKAGE.test(text)) {
    return {
      remedy:
        'The package sources lack it: on Ubuntu enable "universe" (add-apt-repository universe), then run again.',
    };
  }
  if (NOT_FETCHED.test(text)) {
    return {
      what: 'The Debian packages could not be fetched.',
      remedy: 'Check the network and /etc/apt/sources.list (apt-get update shows the same), then run again.',
    };
  }
  return undefined;
}
