import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { requirement } from '../../operations/command.ts';
import { ProblemError } from '../../output/problem.ts';
import { handedOn, ownAddresses } from '../../requirements/names.ts';
import { resolve } from '../../site/dns.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { ownNames } from '../change-domain/names.ts';

/**
 * Where visitors go decides which of two servers may serve. An address leads here when it is one of this server's own, or the site's
 * token is found there.
 */
export function namesLead(id: string, names: SiteNames, where: 'here' | 'elsewhere'): Operation {
  return requirement({
    id,
    title: where === 'here' ? 'the names lead to this server' : 'the names lead to another server',
    async check(host) {
      for (const name of [...ownNames(names), ...names.formerNames]) {
        const { v4, v6, unanswered } = await resolve(name);
        if (unanswered !== undefined)
          throw new ProblemError({
            what: `DNS could not be asked where ${name} points (${unanswered}). Nothing was changed.`,
            remedy: 'Check that this server reaches a working name server, then try again.',
          });
        for (const address of [...v4, ...v6])
          if ((await leadsHere(host, name, address)) !== (where === 'here'))
            throw wrong(name, address, where);
      }
    },
  });
}

async function leadsHere(host: Host, name: string, address: string): Promise<boolean> {
  const own = await ownAddresses(host);
  if ([...own.v4, ...own.v6].includes(address)) return true;
  return handedOn(host, name, [address]);
}

function wrong(name: string, address: string, where: 'here' | 'elsewhere'): ProblemError {
  return where === 'elsewhere'
    ? new ProblemError({
        what: `${name} points to ${address}, which is this server. Nothing was changed.`,
        remedy:
          'Point it to the new server first (studio-setup move shows its records). If visitors reach the new one all the same: studio-setup move rest --anyway',
      })
    : new ProblemError({
        what: `${name} points to ${address}, which is another server. Nothing was changed.`,
        remedy:
          'Where the site serves there, its data goes on there: stop it first, and point the name here. If visitors are to get this one all the same: studio-setup move back --anyway',
      });
}
