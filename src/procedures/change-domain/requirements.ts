import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { requirement } from '../../operations/command.ts';
import { ProblemError } from '../../output/problem.ts';
import { rightClock } from '../../requirements/clock.ts';
import { isTranslated, namesLeadHere, ownAddresses } from '../../requirements/names.ts';
import { certificateMissing } from '../../site/certificate.ts';
import { resolve } from '../../site/dns.ts';
import { askNginx } from '../../site/nginx-program.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { proof } from '../proof.ts';
import { siteAnswers } from '../site.ts';
import { ownNames, without } from './names.ts';
import { configurations, namesIn } from './nginx.ts';

/** What must hold before anything is changed; all that does not hold is told at once. */
export function requirementsOf(to: SiteNames, from: SiteNames, server: string): readonly Operation[] {
  const names = ownNames(to);
  return [
    proof({
      id: 'change-domain/before',
      title: `${from.domain} works`,
      after: [],
      wrong: (host) => siteAnswers(host, from.domain),
      remedy: 'See what is wrong with it first: studio-setup doctor',
    }),
    requirement({
      id: 'change-domain/dns',
      title: `${names.join(', ')} in DNS`,
      async check(host) {
        await namesLeadHere(host, names, true);
        await answered(host, names);
      },
    }),
    requirement({
      id: 'change-domain/clock',
      title: 'the clock',
      async check(host) {
        if ((await certificateMissing(host, names)) !== undefined) await rightClock(host, server);
      },
    }),
    requirement({
      id: 'change-domain/nginx',
      title: 'the configuration of nginx',
      async check(host) {
        const { code, stderr } = await askNginx(host, '-t');
        if (code !== 0)
          throw new ProblemError({
            what: 'nginx refuses its current configuration. Nothing was changed.',
            remedy: 'Fix the file and line named below (nginx -t), then run again.',
            detail: stderr.trim().split('\n').slice(-5),
          });
        await nobodyElses(host, without(names, [...ownNames(from), ...from.formerNames]));
      },
    }),
  ];
}

/** Node's own words for a connection that does not come about (connect(2)). */
const NOBODY = /\bconnect (ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\b/;

/**
 * nginx runs here, so that an address where nothing listens is not handed on to this server: the authority would not get through
 * either. From behind a router that translates addresses this server may not reach its own public one: then nobody can tell.
 * @throws ProblemError naming the address
 */
async function answered(host: Host, names: readonly string[]): Promise<void> {
  const own = await ownAddresses(host);
  if (isTranslated(own)) return;
  for (const name of names) {
    const { v4, v6 } = await resolve(name);
    for (const address of [...v4, ...v6].filter((each) => ![...own.v4, ...own.v6].includes(each))) {
      const { error = '' } = await host.request(`http://${name}/`, { address, timeoutMs: 8000 });
      // A connection that is closed without a word was one: nginx does so to names that it does not know.
      if (!NOBODY.test(error)) continue;
      throw new ProblemError({
        what: `${name} points to ${address}, but nothing answers there on port 80 (${error}). Nothing was changed.`,
        remedy: `Correct the records of ${name} at your DNS provider, or forward its port 80 to this server; then run again.`,
      });
    }
  }
}

/** Of two servers with one name nginx takes the first that it reads, and only warns. */
async function nobodyElses(host: Host, names: readonly string[]): Promise<void> {
  const taken = ((await configurations(host)) ?? []).flatMap(namesIn);
  const [name] = names.filter((each) => taken.includes(each));
  if (name === undefined) return;
  throw new ProblemError({
    what: `nginx on this server already serves ${name} for something other than the site.`,
    remedy: `Take the name out of that configuration (grep -rn ${name} /etc/nginx/), then run again.`,
  });
}
