import type { Host } from '../host/host.ts';
import { count } from '../output/duration.ts';
import { localTime } from '../output/local-time.ts';
import { ProblemError } from '../output/problem.ts';
import { WITHOUT_TRACE } from '../requirements/apt.ts';
import { running, unitState } from '../site/units.ts';
import type { WaitingUpdates } from '../watch/state.ts';
import { type Check, type CheckResult, failing, fine } from './check.ts';

const DAY_MS = 24 * 60 * 60_000;
/** So long unattended-upgrades is given to install what waits: it starts once a day, and skips a day when the lock is taken. */
const PATIENCE_MS = 3 * DAY_MS;
/** Older lists tell nothing of what came out since. */
const LISTS_AGE_MS = 7 * DAY_MS;
/** A server that reboots at night by itself needs no message. */
const REBOOT_AGE_MS = DAY_MS;
/** Milliseconds that apt may take to read its lists and plan: five seconds of processor time on a usual server. */
const APT_MS = 60_000;
/** Names of packages that are listed. */
const SHOWN = 5;

/**
 * Both kinds of answer matter here: what waits by old lists does wait, and that nothing does is known by new ones only.
 * @param before since when each package waits, as remembered
 * @param at when this round is made, milliseconds since the epoch
 * @returns the checks, and `waiting`: what is remembered once they were made
 */
export function updateChecks(
  before: WaitingUpdates | undefined,
  at: number,
): { readonly checks: readonly Check[]; waiting(): WaitingUpdates | undefined } {
  let waiting = before;
  const securityUpdates: Check = {
    id: 'security-updates',
    title: 'Installation of security updates',
    asks: 'Has apt plan an upgrade, without making it, and looks for what comes from a security archive.',
    means: 'Known weaknesses of this server stay open.',
    fixes: [],
    timeoutMs: APT_MS + 5000,
    async run(host) {
      const fetched = await listsFetched(host);
      waiting = await waitingNow(host, waiting, at, fetched);
      const names = Object.keys(waiting.since);
      if (names.length > 0)
        return judged(names, at - Math.min(...Object.values(waiting.since)), await isUnattended(host));
      return fine(
        at - fetched > LISTS_AGE_MS
          ? `Not known: the package lists are of ${localTime(fetched)}.`
          : `None waits, by package lists of ${localTime(fetched)}.`,
      );
    },
  };
  return { checks: [packageLists(at), securityUpdates, reboot(at)], waiting: () => waiting };
}

/** What apt decides by. */
const INSTALLED = '/var/lib/dpkg/status';
/** What else it decides by, such as pins and sources, changes less often. */
const ASK_AGAIN_MS = DAY_MS;

/** apt is asked where something changed since: planning an upgrade takes it seconds of processor time. */
async function waitingNow(
  host: Host,
  before: WaitingUpdates | undefined,
  at: number,
  fetched: number,
): Promise<WaitingUpdates> {
  const changed = Math.max(fetched, (await host.status(INSTALLED))?.modified ?? at);
  if (before !== undefined && changed < before.asked && at - before.asked < ASK_AGAIN_MS) return before;
  const names = await pendingUpdates(host);
  return { asked: at, since: Object.fromEntries(names.map((name) => [name, before?.since[name] ?? at])) };
}

function judged(names: readonly string[], waited: number, unattended: boolean): CheckResult {
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
  const what = `${names.slice(0, SHOWN).join(', ')}${more}`;
  if (!unattended)
    return failing(
      `${count(names.length, 'security update')} not installed: ${what}.`,
      'Install them: apt-get update, then apt-get upgrade. To have that done every day: apt-get install unattended-upgrades',
    );
  return waited < PATIENCE_MS
    ? fine(`${count(names.length, 'security update')} for unattended-upgrades to install: ${what}.`)
    : failing(
        `${count(names.length, 'security update')} not installed for ${Math.floor(waited / DAY_MS)} days, although unattended-upgrades is on: ${what}.`,
        'See why: /var/log/unattended-upgrades/unattended-upgrades.log, and apt-mark showhold. To install them now: apt-get upgrade',
      );
}

/**
 * Changes nothing, fetches nothing, and takes no lock: `--simulate` alone takes one where root starts it (puppetlabs-apt,
 * MODULES-4118). A line of the plan is `Inst perl [OLD] (NEW Debian-Security:12/stable-security [amd64])`: label, version and
 * suite of every archive that has the new version (apt-get(8), --simulate; apt 2.6, apt-pkg/algorithms.cc and pkgcache.cc,
 * RelStr). Debian's security archive has that label, Ubuntu's the suite `jammy-security`. Without an old version it is no update.
 * @returns names of the packages
 * @throws ProblemError when apt can't make a plan: it can install nothing then
 */
async function pendingUpdates(host: Host): Promise<readonly string[]> {
  const plan = ['apt-get', '--simulate', '--quiet', '-o', 'Debug::NoLocking=true', ...WITHOUT_TRACE];
  const { code, stdout, stderr } = await host.query([...plan, 'dist-upgrade'], {
    quiet: true,
    timeoutMs: APT_MS,
  });
  if (code !== 0)
    throw new ProblemError({
      what: `Whether security updates wait is not known: apt-get ended with exit code ${code}${reasonIn(stderr)}.`,
      remedy:
        'See what apt lacks: apt-get check; often dpkg --configure -a, or apt-get -f install, mends it.',
    });
  return stdout.split('\n').flatMap((line) => {
    const [, name, archives = ''] = /^Inst (\S+) \[[^\]]+\] \(\S+ (.+?) \[[^\]]+\]\)/.exec(line) ?? [];
    const isSecurity = archives.split(', ').some((each) => /^Debian-Security:|-security$/.test(each));
    return name !== undefined && isSecurity ? [name] : [];
  });
}

function reasonIn(stderr: string): string {
  const reason = /^E: (.*)$/m.exec(stderr)?.[1];
  return reason === undefined ? '' : `: ${reason}`;
}

/**
 * When the lists were fetched last, at least: apt writes to these where an archive had news, and its daily job, and
 * update-notifier, leave a stamp (/usr/lib/apt/apt.systemd.daily; Ubuntu's 15update-stamp).
 * @returns milliseconds since the epoch
 */
async function listsFetched(host: Host): Promise<number> {
  const traces = ['lists', 'lists/partial', 'periodic/update-stamp', 'periodic/update-success-stamp'];
  const times = traces.map(async (name) => (await host.status(`/var/lib/apt/${name}`))?.modified ?? 0);
  return Math.max(...(await Promise.all(times)));
}

/**
 * By what /usr/lib/apt/apt.systemd.daily asks before it starts unattended-upgrade: both are numbers of days, and 0 is never; the
 * second is 0 unless set.
 */
async function isUnattended(host: Host): Promise<boolean> {
  if ((await host.status('/usr/bin/unattended-upgrade')) === undefined) return false;
  const asked = ['ENABLED', 'APT::Periodic::Enable', 'EVERY', 'APT::Periodic::Unattended-Upgrade'];
  const { stdout } = await host.query(['apt-config', 'shell', ...asked], { quiet: true });
  const isOn = !/^ENABLED='0/m.test(stdout) && /^EVERY='[^0']/m.test(stdout);
  return isOn && running(await unitState(host, 'apt-daily-upgrade.timer'));
}

const packageLists = (at: number): Check => ({
  id: 'package-lists',
  title: 'Fetching of package lists',
  asks: 'Reads when apt fetched its lists last.',
  means: 'Nobody knows of security updates.',
  fixes: [],
  async run(host) {
    const fetched = await listsFetched(host);
    return at - fetched <= LISTS_AGE_MS
      ? fine(`Fetched on ${localTime(fetched)}.`)
      : failing(
          `apt fetched its package lists last on ${localTime(fetched)}: whether security updates wait is not known.`,
          'Fetch them: apt-get update. To have that done every day, and security updates installed: apt-get install unattended-upgrades',
        );
  },
});

/** Written by the packages that need it: kernels and libraries (unattended-upgrades, update-notifier-common). */
const REBOOT = '/run/reboot-required';

const reboot = (at: number): Check => ({
  id: 'reboot-required',
  title: 'Reboot after updates',
  asks: `Reads whether ${REBOOT} is there.`,
  means: 'What was updated still runs as it was.',
  fixes: [],
  async run(host) {
    const since = (await host.status(REBOOT))?.modified;
    if (since === undefined) return fine('None is needed.');
    if (at - since < REBOOT_AGE_MS) return fine(`Needed since ${localTime(since)}.`);
    const packages = new Set(((await host.read(`${REBOOT}.pkgs`)) ?? '').split('\n').filter(Boolean));
    const by = packages.size === 0 ? '' : `, by ${[...packages].slice(0, SHOWN).join(', ')}`;
    return failing(
      `Updates need a reboot since ${localTime(since)}${by}.`,
      'Reboot when few visitors are there: systemctl reboot',
    );
  },
});
