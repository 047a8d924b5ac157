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
import { ACME_WEBROOT, NGINX_SITE, NGINX_SITES, SETTINGS } from '../../site/layout.ts';
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
import { CHALLENGES, challengesServed } from './challenges.ts';
import { type Covering, coveringSettings } from './covering.ts';
import { allNames, inBetween, namesAfter, ownNames, sameNames, without } from './names.ts';
import { siteIs, stillServed } from './proof.ts';
import { requirementsOf } from './requirements.ts';
import { linesLeft } from './settings.ts';
import { siteVhost, switchOver } from './switch-over.ts';

/** Both states, as the transaction record holds them from before the first change until the end. */
interface DomainChange {
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
  const change =
    (await recordedChange(circumstances.host, kind.transactionRecord)) ??
    (await newChange(circumstances, given));
  return procedureOf(kind, circumstances, change, given);
}

async function recordedChange(host: Host, transactionRecord: string): Promise<DomainChange | undefined> {
  const kept = await readTransactionRecord(host, transactionRecord);
  if (kept === undefined) return undefined;
  const change = parsedJson(kept.plain.way ?? '');
  if (!isDomainChange(change)) throw unreadableTransactionRecord(transactionRecord);
  return change;
}

function isDomainChange(value: unknown): value is DomainChange {
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

async function newChange(
  { host }: Circumstances,
  given: Readonly<Record<string, string>>,
): Promise<DomainChange> {
  const from = await namesOnHost(host);
  if (from === undefined || (await siteCertificate(host, ownNames(from))).installed === undefined) {
    throw new ProblemError({
      what: 'This server has no site with HTTPS whose domain could be changed. Nothing was changed.',
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
  { from, to, had, covering = [] }: DomainChange,
  given: Readonly<Record<string, string>>,
): Promise<BuiltProcedure> {
  const server = answers.text('certificate.server');
  const email = answers.optionalText('certificate.email');
  const gone = without([...ownNames(from), ...from.formerNames], [...ownNames(to), ...to.formerNames]);
  const changes = !sameNames(from, to);
  const ends = (prefix: string, names: SiteNames): readonly Operation[] => [
    renewal({
      id: `${prefix}/renewal`,
      title: 'test the renewals',
      named: names.domain,
      server,
      certificates: async (now) => {
        const all = await certificatesOf(now, names);
        return (await siteCertificate(now, ownNames(names))).installed === undefined ? [] : all;
      },
    }),
    proof({
      id: `${prefix}/proof`,
      title: `visitors reach the site at ${names.domain}`,
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
    undone: `The domain is ${from.domain}, as before, and the site works.`,
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
      watches: [NGINX_SITES, NGINX_SITE],
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
    ...(renamed ? ['Everybody has to log in again: browsers keep the login under the old name.'] : []),
    ...covering.map(
      ({ name, after }) => `${name} does not cover ${to.domain}: the new value is ${JSON.stringify(after)}.`,
    ),
    ...(to.formerNames.length > 0
      ? [
          `${to.formerNames.join(', ')} will redirect to ${to.domain}. Keep their DNS pointing to this server: their certificates are renewed through it. (With --old remove these names are removed instead.)`,
        ]
      : []),
    ...(gone.length > 0
      ? [
          `${gone.join(', ')} will no longer be answered: links to those names break. Certificates that are no longer used are deleted.`,
        ]
      : []),
    ...(renamed
      ? [
          `Other services know the site as ${from.domain}, and only you can change that: Blender ID (redirect address of the OAuth application, webhook), Braintree, Mailgun and Coconut (webhooks), reCAPTCHA (domains), AWS (CORS).`,
        ]
      : []),
    ...(lines.length > 0
      ? [
          `${SETTINGS} names the old domain in ${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}, too, which the product does not change. Check whether you should.`,
        ]
      : []),
    ...(given
      ? [
          `The answers file says "domain: ${answers.text('domain')}". Before the next run with it, write "domain: ${to.domain}" there, and its further names.`,
        ]
      : []),
  ];
}

function doneWords(to: SiteNames, from: SiteNames, gone: readonly string[]): string {
  const lead = to.formerNames.length > 0 ? ` Redirecting to it: ${to.formerNames.join(', ')}.` : '';
  const left = gone.length > 0 ? ` No longer answered: ${gone.join(', ')}.` : '';
  return sameNames(to, from)
    ? `The site's domain is already ${to.domain}.${lead}`
    : `The site's domain is ${to.domain}.${lead}${left}`;
}
