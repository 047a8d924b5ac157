import { parseTypedDomain } from '../../configs/domain.ts';
import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { certificate } from '../../operations/certificate.ts';
import { folder } from '../../operations/folder.ts';
import { nginxLoaded } from '../../operations/nginx-loaded.ts';
import { renewal } from '../../operations/renewal.ts';
import { isRecord, parsedJson } from '../../output/json.ts';
import { ProblemError } from '../../output/problem.ts';
import { installedCertificate, siteCertificate } from '../../site/certificate.ts';
import { installedSettings } from '../../site/installed-settings.ts';
import { ACME_WEBROOT, NGINX_SITE, SETTINGS } from '../../site/layout.ts';
import { namesOnHost, type SiteNames } from '../../site/vhost.ts';
import type { BuiltProcedure, Circumstances, ProcedureKind } from '../procedure.ts';
import { proof } from '../proof.ts';
import {
  readTransactionRecord,
  removeTransactionRecord,
  unreadableTransactionRecord,
  writeTransactionRecord,
} from '../transaction-record.ts';
import { certificatesGone, certificatesOf } from './certificates.ts';
import { CHALLENGES, challengesServed, SITES } from './challenges.ts';
import { type Covering, coveringSettings } from './covering.ts';
import { allNames, inBetween, namesAfter, ownNames, sameNames, without } from './names.ts';
import { siteIs, stillServed } from './proof.ts';
import { requirementsOf } from './requirements.ts';
import { linesLeft } from './settings.ts';
import { siteVhost, switchOver } from './switch-over.ts';

/** Both states, as the transaction record holds them from before the first change until the end. */
interface Way {
  readonly from: SiteNames;
  readonly to: SiteNames;
  /** Certificates at certbot that were there before: on the way back only others go. */
  readonly had: readonly string[];
  /** Settings that cover the old names without spelling them; absent in a record of an earlier release. */
  readonly covering?: readonly Covering[];
}

/**
 * Another name for a live site. Arguments: `domain`, `old` (`redirect` or `remove`), and `extra`, names separated by
 * blanks; absent means what {@link namesAfter} says.
 */
export async function changeDomain(
  kind: ProcedureKind,
  circumstances: Circumstances,
  given: Readonly<Record<string, string>>,
): Promise<BuiltProcedure> {
  const way =
    (await keptWay(circumstances.host, kind.transactionRecord)) ?? (await wayOf(circumstances, given));
  return procedureOf(kind, circumstances, way, given);
}

async function keptWay(host: Host, transactionRecord: string): Promise<Way | undefined> {
  const kept = await readTransactionRecord(host, transactionRecord);
  if (kept === undefined) return undefined;
  const way = parsedJson(kept.plain.way ?? '');
  if (!isWay(way)) throw unreadableTransactionRecord(transactionRecord);
  return way;
}

function isWay(value: unknown): value is Way {
  if (!isRecord(value)) return false;
  const { from, to, had, covering = [] } = value;
  return [from, to].every(isNames) && isTexts(had) && Array.isArray(covering) && covering.every(isCovering);
}

function isNames(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { domain, extraNames, formerNames } = value;
  return typeof domain === 'string' && domain !== '' && [extraNames, formerNames].every(isTexts);
}

function isCovering(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, before, after } = value;
  const isValue = (each: unknown) => each === null || typeof each === 'string' || isTexts(each);
  return typeof name === 'string' && [before, after].every(isValue);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

async function wayOf({ host }: Circumstances, given: Readonly<Record<string, string>>): Promise<Way> {
  const from = await namesOnHost(host);
  if (from === undefined || (await siteCertificate(host, ownNames(from))).installed === undefined) {
    throw new ProblemError({
      what: 'There is no site with HTTPS on this server whose domain could be changed. Nothing was changed.',
      remedy: 'Set the site up first, with the domain that it is to have: studio-setup run',
    });
  }
  const extra = given.extra?.split(' ').filter(Boolean).map(hostName);
  const to = namesAfter(from, {
    domain: hostName(given.domain ?? ''),
    old: given.old === 'remove' ? 'remove' : 'redirect',
    ...(extra === undefined ? {} : { extraNames: extra }),
  });
  const had = [];
  for (const name of await host.list('/etc/letsencrypt/live'))
    if ((await installedCertificate(host, name)) !== undefined) had.push(name);
  const settings = await installedSettings(host);
  return { from, to, had, covering: settings === undefined ? [] : coveringSettings(settings, to, from) };
}

function hostName(typed: string): string {
  const parsed = parseTypedDomain(typed);
  if (parsed.ok) return parsed.domain;
  throw new ProblemError({
    what: `${typed}: ${parsed.reason} Nothing was changed.`,
    remedy: 'Type it again.',
  });
}

async function procedureOf(
  { id, transactionRecord }: ProcedureKind,
  { host, answers }: Circumstances,
  { from, to, had, covering = [] }: Way,
  given: Readonly<Record<string, string>>,
): Promise<BuiltProcedure> {
  const server = answers.text('certificate.server');
  const email = answers.optionalText('certificate.email');
  const gone = without([...ownNames(from), ...from.formerNames], [...ownNames(to), ...to.formerNames]);
  const changes = !sameNames(from, to);
  const ends = (prefix: string, names: SiteNames): readonly Operation[] => [
    renewal({
      id: `${prefix}/renewal`,
      title: 'try the renewals',
      named: names.domain,
      server,
      certificates: async (now) => {
        const all = await certificatesOf(now, names);
        return (await siteCertificate(now, ownNames(names))).installed === undefined ? [] : all;
      },
    }),
    proof({
      id: `${prefix}/proof`,
      title: `visitors reach the site by ${names.domain}`,
      after: [transactionRecord, NGINX_SITE, SETTINGS],
      wrong: (now) => siteIs(now, names),
      remedy: 'See what else is wrong: studio-setup doctor',
    }),
  ];
  const keep = writeTransactionRecord('change-domain/keep', transactionRecord, {
    plain: { way: JSON.stringify({ from, to, had, covering }) },
  });
  return {
    id,
    // The name first, as it is typed.
    arguments: { domain: to.domain, ...options(given) },
    notices: changes ? await noticesOf({ host, answers }, to, from, gone, covering) : [],
    requirements: changes ? requirementsOf(to, from, server) : [],
    forward: changes
      ? [
          keep,
          folder({
            id: 'change-domain/webroot',
            path: ACME_WEBROOT,
            owner: 'root',
            passable: true,
            group: 'root',
            mode: 0o755,
          }),
          challengesServed('change-domain/challenges', to),
          nginxLoaded({
            id: 'change-domain/challenges-served',
            title: 'nginx serves the challenges',
            watches: [CHALLENGES],
          }),
          certificate({
            id: 'change-domain/certificate',
            title: `certificate for ${to.domain}`,
            names: ownNames(to),
            server,
            webroot: ACME_WEBROOT,
            ...(email === undefined ? {} : { email }),
          }),
          ...switchOver({
            prefix: 'change-domain',
            answers,
            to,
            from,
            covering: [covering, 'after'],
            meanwhile: inBetween(to, from),
          }),
          ...ends('change-domain', to),
          ...(gone.length === 0 ? [] : removed(to, from, gone, answers)),
          removeTransactionRecord('change-domain/forget', transactionRecord),
        ]
      : ends('change-domain', to),
    backward: [
      ...switchOver({
        prefix: 'change-domain-back',
        answers,
        to: from,
        from: to,
        covering: [covering, 'before'],
      }),
      ...ends('change-domain-back', from),
      certificatesGone(
        'change-domain-back/certificate',
        async (now) => without(await certificatesOf(now, to), [...had, ...(await certificatesOf(now, from))]),
        allNames(from, to),
      ),
      removeTransactionRecord('change-domain-back/forget', transactionRecord),
    ],
    done: doneWords(to, from, gone),
    undone: `The domain is ${from.domain}, as before, and the site works by it.`,
  };
}

function options({ old, extra }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...(old === undefined ? {} : { old }), ...(extra === undefined ? {} : { extra }) };
}

/** The old names go once the new one is proved: until then they lead to it. */
function removed(
  to: SiteNames,
  from: SiteNames,
  gone: readonly string[],
  answers: Circumstances['answers'],
): readonly Operation[] {
  return [
    nginxWithout('change-domain/old-names', to, from, answers),
    nginxLoaded({
      id: 'change-domain/old-names-gone',
      title: `nginx no longer serves ${gone.join(', ')}`,
      watches: [SITES, NGINX_SITE],
      answers: (host) => stillServed(host, gone, to.domain),
    }),
    certificatesGone(
      'change-domain/old-certificates',
      async (host) => without(await certificatesOf(host, from), await certificatesOf(host, to)),
      allNames(from, to),
    ),
  ];
}

function nginxWithout(
  id: string,
  names: SiteNames,
  others: SiteNames,
  answers: Circumstances['answers'],
): Operation {
  const vhost = siteVhost({
    id,
    title: `nginx: ${names.domain} alone`,
    answers,
    names,
    others: [names, others],
  });
  return {
    ...vhost,
    async observe(host) {
      if (host.willChange(NGINX_SITE)) return { later: 'after the proof', summary: NGINX_SITE, shell: [] };
      return vhost.observe(host);
    },
  };
}

async function noticesOf(
  { host, answers }: Circumstances,
  to: SiteNames,
  from: SiteNames,
  gone: readonly string[],
  covering: readonly Covering[],
): Promise<readonly string[]> {
  const file = await installedSettings(host);
  const lines = file === undefined ? [] : linesLeft(file, to, from);
  const renamed = to.domain !== from.domain;
  const given = answers.sourceOf('domain') === 'file' && answers.text('domain') !== to.domain;
  return [
    ...(renamed ? ['Everybody has to log in again: a browser keeps the login under the old name.'] : []),
    ...covering.map(
      ({ name, after }) => `${name} does not cover ${to.domain}: it becomes ${JSON.stringify(after)}.`,
    ),
    ...(to.formerNames.length > 0
      ? [
          `${to.formerNames.join(', ')} will lead to ${to.domain}. Let their DNS go on pointing here: their certificates are renewed by it. (Asked to, with --old remove, they go instead.)`,
        ]
      : []),
    ...(gone.length > 0
      ? [
          `${gone.join(', ')} will no longer be answered, and what certificate is left without a use is deleted: links to those names break.`,
        ]
      : []),
    ...(renamed
      ? [
          `Others know the site by ${from.domain}, and only you can tell them: Blender ID (redirect address of the OAuth application, webhook), Braintree, Mailgun and Coconut (webhooks), reCAPTCHA (domains), AWS (CORS).`,
        ]
      : []),
    ...(lines.length > 0
      ? [
          `${SETTINGS} names the old domain in ${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')} too: that stays as it is. See whether it should follow.`,
        ]
      : []),
    ...(given
      ? [
          `The answers file says "domain: ${answers.text('domain')}": write "domain: ${to.domain}" there, and its further names, before a run with it.`,
        ]
      : []),
  ];
}

function doneWords(to: SiteNames, from: SiteNames, gone: readonly string[]): string {
  const lead = to.formerNames.length > 0 ? ` Redirecting to it: ${to.formerNames.join(', ')}.` : '';
  const left = gone.length > 0 ? ` No longer answered: ${gone.join(', ')}.` : '';
  return sameNames(to, from)
    ? `The site's domain is ${to.domain} already.${lead}`
    : `The site's domain is ${to.domain}.${lead}${left}`;
}
