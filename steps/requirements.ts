import type { Answers } from '../src/answers/answers.ts';
import { parseDomain, parseTypedDomain } from '../src/configs/domain.ts';
import { withExamples } from '../src/engine/example-answers.ts';
import type { Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { command, requirement } from '../src/operations/command.ts';
import { packages } from '../src/operations/packages.ts';
import { ProblemError } from '../src/output/problem.ts';
import { freeApt, installable } from '../src/requirements/apt.ts';
import { rightClock } from '../src/requirements/clock.ts';
import { inTheWay } from '../src/requirements/in-the-way.ts';
import { judge, namesLeadHere, ownAddresses } from '../src/requirements/names.ts';
import { noOtherMeilisearch } from '../src/requirements/other-meilisearch.ts';
import { freePort } from '../src/requirements/ports.ts';
import {
  debianFamily,
  enoughDisk,
  enoughMemory,
  recentSystemd,
  suitablePython,
} from '../src/requirements/system.ts';
import { bySnap } from '../src/site/certbot.ts';
import { certificateMissing, siteCertificate } from '../src/site/certificate.ts';
import { resolve } from '../src/site/dns.ts';
import { formerSites } from '../src/site/former-names.ts';
import { exampleSettings, installedSettings } from '../src/site/installed-settings.ts';
import { valueAt } from '../src/site/integrations.ts';
import { CERTBOT_TIMER, MEILISEARCH_PORT, SERVICE_UNITS, SETTINGS } from '../src/site/layout.ts';
import { formerNamesOf, namesOf } from '../src/site/names.ts';
import { CODE, endsHttps, hasAnyRole, isBalanced, isSpread } from '../src/site/roles.ts';
import { TUNNEL, TUNNEL_UNIT, tunnelsOf } from '../src/site/tunnel.ts';
import { namesOnHost } from '../src/site/vhost.ts';
import { spreadQuestions, tunnelOperations } from './several-servers.ts';

/** DNS that was just changed is asked again so often, in milliseconds. */
const DNS_AGAIN_MS = 10_000;

/** The locale that the site formats prices with (LOOPER_MONEY_LOCALE). */
const LOCALE = 'en_US.UTF-8';
/** As locale(1) has it among all. */
const LISTED = new RegExp(`^${LOCALE.replace('.', '\\.').replace('-', '-?')}$`, 'im');

const TOOLS = ['git', 'openssh-client', 'locales'];
/** "Production requirements include development requirements": packages without a wheel are compiled. */
const BUILD = ['gcc', 'python3-dev', 'libpq-dev', 'libjpeg-dev', 'zlib1g-dev'];
const CERTBOT = ['certbot', 'python3-certbot-nginx'];
const SERVICES = ['nginx', ...CERTBOT];

/** @returns the host name of what was typed, which may be the address of a page */
function nameAlone(typed: string): string {
  const parsed = parseTypedDomain(typed);
  return parsed.ok ? parsed.domain : typed;
}

/** @param others the sections behind this one: what apt would refuse of theirs is said here, before the first change */
export function requirements(others: readonly Section[]): Section {
  return {
    id: 'requirements',
    title: 'Requirements',
    heading: 'Requirements',
    summary:
      'Checks this server before anything is changed, then installs the Debian packages that everything else needs.',
    reads: ['certificate', 'database'],
    needs: [],
    questions: [
      {
        id: 'domain',
        label: 'Domain',
        help: 'The host name of the site, e.g. studio.example.org. Its DNS record must point to this server.',
        kind: 'text',
        validate: (value) => {
          const parsed = parseTypedDomain(value);
          return parsed.ok ? undefined : parsed.reason;
        },
        normalise: nameAlone,
        current: async (host) => (await ownNamesOf(host))[0],
        ownedByCommand: liveDomain,
        async trial(answers, host) {
          if (!endsHttps(answers))
            return { ok: true, message: 'Not looked up: visitors come to another server of the site.' };
          const domain = answers.text('domain');
          const wrong = judge(domain, await resolve(domain), await ownAddresses(host));
          return wrong
            ? {
                ...(wrong.elsewhere.length > 0 ? ({ ok: true, doubt: true } as const) : { ok: false }),
                message: `${wrong.what} ${wrong.remedy}`,
                againMs: DNS_AGAIN_MS,
              }
            : { ok: true, message: `${domain} points to this server.` };
        },
      },
      {
        id: 'extra-names',
        label: 'Additional names',
        help: 'Other host names of the same site, separated by spaces, e.g. www.example.org. They are part of the certificate. May be empty.',
        kind: 'list',
        default: [],
        validate: (value) => {
          const parsed = parseTypedDomain(value);
          return parsed.ok ? undefined : `${value}: ${parsed.reason}`;
        },
        normalise: nameAlone,
        current: async (host) => {
          // Also when nginx has none: what the last run remembers may be older than a change of the domain.
          const names = await namesOnHost(host);
          if (names !== undefined) return names.extraNames;
          const allowed = (await ownNamesOf(host)).slice(1);
          return allowed.length > 0 ? allowed : undefined;
        },
      },
      {
        id: 'redirect-names',
        hidden: true,
        label: 'Former names',
        help: 'Earlier host names of the site, which redirect to the domain. Their certificates continue to be renewed. `studio-setup change-domain` sets them.',
        kind: 'list',
        default: [],
        example: 'films.example.org',
        validate: (value) => {
          const parsed = parseTypedDomain(value);
          return parsed.ok ? undefined : `${value}: ${parsed.reason}`;
        },
        normalise: nameAlone,
        current: async (host) => (await namesOnHost(host))?.formerNames,
      },
      ...spreadQuestions,
    ],
    services: [TUNNEL],
    operations: (answers) => {
      const names = namesOf(answers);
      const former = formerNamesOf(answers);
      const runsCode = hasAnyRole(answers, ...CODE);
      const own = [
        packages({
          id: 'requirements/virtualenv',
          // By itself and first: the Python packages take longest of all, and need nothing else.
          ...(runsCode
            ? { title: 'packages: virtualenv', packages: ['virtualenv', 'ca-certificates'] }
            : { title: 'packages: CA certificates', packages: ['ca-certificates'] }),
          covers: ['development-requirements'],
          // Every check before the first change: a requirement that is not met leaves the host as it was.
          after: [
            'system',
            'systemd',
            'memory',
            'disk',
            'python',
            'ports',
            'nginx',
            'names',
            'clock',
            'apt',
          ].map((id) => `requirements/${id}`),
        }),
        ...(runsCode
          ? [
              packages({
                id: 'requirements/tools',
                title: 'packages: git, locales',
                packages: TOOLS,
                covers: ['development-requirements'],
              }),
              packages({
                id: 'requirements/build-tools',
                title: 'packages: compiler and headers for Python packages',
                packages: BUILD,
                covers: ['development-requirements'],
              }),
            ]
          : []),
        ...(hasAnyRole(answers, 'web')
          ? [
              packages({
                id: 'requirements/services',
                ...(isBalanced(answers)
                  ? { title: 'packages: nginx', packages: ['nginx'] }
                  : { title: 'packages: nginx, certbot', packages: SERVICES, starts: [CERTBOT_TIMER] }),
                unneeded: async (host) => ((await bySnap(host)) ? CERTBOT : []),
                covers: ['nginx', 'certbot', 'certbot-install'],
                departure: {
                  id: 'certbot-from-debian',
                  document: 'Follow the official instructions to install certbot (snap)',
                  instead:
                    "certbot is installed from the distribution's packages, unless the snap is already installed.",
                  why: 'This certbot is updated with everything else, renews by a systemd timer, and needs no snapd.',
                },
              }),
            ]
          : []),
      ];
      return [
        requirement({
          id: 'requirements/system',
          title: 'Debian or Ubuntu',
          covers: ['ubuntu'],
          check: debianFamily,
        }),
        requirement({
          id: 'requirements/systemd',
          title: 'systemd 211 or later',
          covers: ['systemd'],
          check: recentSystemd,
        }),
        requirement({ id: 'requirements/memory', title: 'memory and swap', check: enoughMemory }),
        requirement({
          id: 'requirements/disk',
          title: 'disk space',
          check: async (host) => enoughDisk(host, (await host.status(SETTINGS)) !== undefined),
        }),
        requirement({
          id: 'requirements/python',
          title: 'a supported Python version',
          check: suitablePython,
        }),
        requirement({
          id: 'requirements/ports',
          title: isSpread(answers) ? 'the ports of its roles' : 'ports 80, 443 and 7700',
          async check(host) {
            for (const [port, unit] of portsOf(answers)) await freePort(host, port, unit);
          },
        }),
        requirement({
          id: 'requirements/meilisearch',
          title: "no other application's Meilisearch",
          check: async (host) => (hasAnyRole(answers, 'search') ? noOtherMeilisearch(host) : undefined),
        }),
        requirement({
          id: 'requirements/nginx',
          title: 'no conflicting nginx site',
          async check(host) {
            if (!hasAnyRole(answers, 'web')) return;
            if (answers.sourceOf('domain') === 'example') return;
            const [problem] = await inTheWay(host, [...names, ...former], true);
            if (problem !== undefined)
              throw new ProblemError({ ...problem, remedy: `${problem.remedy} Nothing was changed.` });
          },
        }),
        answers.sourceOf('domain') === 'example'
          ? unknownNames
          : requirement({
              id: 'requirements/names',
              title: `${names.join(', ')} in DNS`,
              async check(host) {
                if (!endsHttps(answers)) return;
                await notRenamed(host, names[0]);
                await namesLeadHere(host, names, (await certificateMissing(host, names)) !== undefined);
                for (const site of await formerSites(host, former))
                  await namesLeadHere(host, site.names, !site.issued);
              },
            }),
        requirement({
          id: 'requirements/clock',
          title: 'the clock',
          async check(host) {
            if (endsHttps(answers) && (await certificateMissing(host, names)) !== undefined)
              await rightClock(host, answers.text('certificate.server'));
          },
        }),
        requirement({
          id: 'requirements/apt',
          title: 'apt available, no held packages',
          async check(host) {
            const missing = await missingPackages(host, [...own, ...operationsOf(others, answers)]);
            if (missing.length === 0) return;
            await freeApt(host);
            await installable(host, missing);
          },
        }),
        ...own,
        ...(runsCode ? [locale] : []),
        ...tunnelOperations(answers),
      ];
    },
  };
}

/** @returns the ports that this server listens on, each with the unit that may hold it */
function portsOf(answers: Answers): readonly (readonly [number, string])[] {
  return [
    ...(hasAnyRole(answers, 'web') ? [[80, SERVICE_UNITS.nginx] as const] : []),
    ...(endsHttps(answers) ? [[443, SERVICE_UNITS.nginx] as const] : []),
    ...(hasAnyRole(answers, 'search') ? [[MEILISEARCH_PORT, SERVICE_UNITS.meilisearch] as const] : []),
    ...tunnelsOf(answers).map(
      ({ inside, between, server }) => [server === undefined ? between : inside, TUNNEL_UNIT] as const,
    ),
  ];
}

const locale = command({
  id: 'requirements/locale',
  title: `locale ${LOCALE}`,
  after: ['requirements/tools'],
  departure: {
    id: 'locale',
    document: 'no word on the locale',
    instead: `${LOCALE} is generated.`,
    why: 'The site formats prices with this locale (LOOPER_MONEY_LOCALE) and fails without it.',
  },
  shell: [`sed -i 's/^# *${LOCALE} UTF-8/${LOCALE} UTF-8/' /etc/locale.gen`, 'locale-gen'],
  script: [
    `sed -i 's/^# *${LOCALE} UTF-8/${LOCALE} UTF-8/' /etc/locale.gen`,
    `grep -q '^${LOCALE} UTF-8' /etc/locale.gen || echo '${LOCALE} UTF-8' >>/etc/locale.gen`,
    'locale-gen',
  ],
  async missing(host) {
    const { stdout } = await host.query(['locale', '-a']);
    return LISTED.test(stdout) ? undefined : 'not generated yet';
  },
  async apply(live) {
    const list = (await live.read('/etc/locale.gen')) ?? '';
    const line = `${LOCALE} UTF-8`;
    const wanted = new RegExp(`^# *${LOCALE} UTF-8`, 'm').test(list)
      ? list.replace(new RegExp(`^# *${LOCALE} UTF-8`, 'm'), line)
      : list.includes(`\n${line}`) || list.startsWith(line)
        ? list
        : `${list.replace(/\n?$/, '\n')}${line}\n`;
    if (wanted !== list) await live.write('/etc/locale.gen', wanted);
    await live.run(['locale-gen'], { yields: true });
  },
});

/** Their answers need not be known yet: those on which packages depend are asked with this section's own (`reads`). */
function operationsOf(sections: readonly Section[], answers: Answers): readonly Operation[] {
  const complete = withExamples(
    sections.flatMap(({ questions }) => questions.filter(({ id }) => !answers.has(id))),
    answers,
  );
  return sections.flatMap((section) => section.operations(complete));
}

async function missingPackages(host: Host, operations: readonly Operation[]): Promise<readonly string[]> {
  const each = await Promise.all(operations.map(({ packages: debian }) => debian?.missing(host) ?? []));
  return [...new Set(each.flat())];
}

/** Before the domain is known: what DNS says of a made-up name is nothing to show. */
const unknownNames: Operation = {
  id: 'requirements/names',
  title: 'the domain in DNS',
  after: [],
  observe: async () => ({
    later: 'needs the domain',
    summary: 'look it up',
    shell: ['getent ahosts DOMAIN'],
  }),
};

/** A site that visitors reach over HTTPS gets another name with care: certificate first, and the old name goes on leading there. */
async function liveDomain(host: Host): Promise<string | undefined> {
  const names = await namesOnHost(host);
  if (names === undefined) return undefined;
  const { installed } = await siteCertificate(host, [names.domain, ...names.extraNames]);
  if (installed === undefined) return undefined;
  return 'studio-setup change-domain NAME';
}

/**
 * A live site gets another name with the care that `change-domain` takes, not because an answers file says another one: one
 * from before a change of the domain would even take the site back.
 */
async function notRenamed(host: Host, domain: string): Promise<void> {
  const found = await namesOnHost(host);
  if (found === undefined || [found.domain, ...found.extraNames].includes(domain)) return;
  const write = `Set "domain: ${found.domain}" in the answers file, and additional names likewise (studio-setup answers shows them).`;
  if (found.formerNames.includes(domain))
    throw new ProblemError({
      what: `The domain was changed from ${domain} to ${found.domain}, but the answers still say ${domain}. Nothing was changed.`,
      remedy: `${write} To change back: studio-setup change-domain ${domain}`,
    });
  if ((await liveDomain(host)) === undefined) return;
  throw new ProblemError({
    what: `The live site on this server is ${found.domain}, but the answers say ${domain}. Nothing was changed.`,
    remedy: `To change the domain: studio-setup change-domain ${domain}. To keep it: ${write.charAt(0).toLowerCase()}${write.slice(1)}`,
  });
}

/** @returns the names that an install, by hand or earlier, already has; empty where only the repository's own stand. */
async function ownNamesOf(host: Host): Promise<readonly string[]> {
  const names = await namesOnHost(host);
  if (names !== undefined) return [names.domain, ...names.extraNames];
  const [installed, example] = [await installedSettings(host), await exampleSettings(host)];
  const hosts = (file: typeof installed) => {
    const value = file && valueAt(file, ['ALLOWED_HOSTS']);
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  };
  const unchanged = new Set(hosts(example));
  return hosts(installed).filter(
    (name) => !unchanged.has(name) && parseDomain(name).ok && !name.endsWith('.local'),
  );
}
