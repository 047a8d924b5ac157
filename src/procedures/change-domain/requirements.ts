import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { requirement } from '../../operations/command.ts';
import { ProblemError } from '../../output/problem.ts';
import { rightClock } from '../../requirements/clock.ts';
import { namesLeadHere } from '../../requirements/names.ts';
import { certificateMissing } from '../../site/certificate.ts';
import { refuseForeignNginx } from '../../site/nginx-trust.ts';
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
      check: (host) => namesLeadHere(host, names, true),
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
        await refuseForeignNginx(host);
        const { code, stderr } = await host.query(['nginx', '-t']);
        if (code !== 0)
          throw new ProblemError({
            what: 'nginx refuses its configuration as it is, before anything was changed.',
            remedy: 'Fix what the line below names (nginx -t), then run again.',
            detail: stderr.trim().split('\n').slice(-5),
          });
        await nobodyElses(host, without(names, [...ownNames(from), ...from.formerNames]));
      },
    }),
  ];
}

/** Of two servers with one name nginx takes the first that it reads, and only warns. */
async function nobodyElses(host: Host, names: readonly string[]): Promise<void> {
  const taken = ((await configurations(host)) ?? []).flatMap(namesIn);
  const [name] = names.filter((each) => taken.includes(each));
  if (name === undefined) return;
  throw new ProblemError({
    what: `nginx on this server serves ${name} already, for something else than the site.`,
    remedy: `Take the name out of that configuration (grep -rn ${name} /etc/nginx/), then run again.`,
  });
}
