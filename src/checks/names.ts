import { handedOn, judge, ownAddresses } from '../requirements/names.ts';
import { resolve } from '../site/dns.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { type Check, failing, fine } from './check.ts';

export const namesPointHere: Check = {
  id: 'dns',
  title: 'Names in DNS',
  asks: "Asks the name server, past /etc/hosts, for A and AAAA of each name, and compares them with this server's own addresses. For other addresses, such as a load balancer's, it fetches the site's token by name over port 80.",
  means: 'Visitors, or a part of them, reach another host, and the next renewal fails.',
  // A site from before there was a token is proved once it has one.
  fixes: ['certificate/webroot', 'certificate/site-token'],
  async run(host, answers) {
    const names = [...namesOf(answers), ...formerNamesOf(answers)];
    const own = await ownAddresses(host);
    const judged = await Promise.all(
      names.map(async (name) => {
        const wrong = judge(name, await resolve(name), own);
        return wrong && { ...wrong, proved: await handedOn(host, name, wrong.elsewhere) };
      }),
    );
    const misled = judged.filter((each) => each !== undefined && !each.proved);
    if (misled[0] !== undefined)
      return failing(
        misled.map((each) => each?.what).join(' '),
        `${misled[0].remedy} The site's token was not found there.`,
        this.fixes,
      );
    const proved = judged.flatMap((each) => each?.elsewhere ?? []);
    return fine(
      proved.length === 0
        ? `${names.join(', ')} lead${names.length === 1 ? 's' : ''} here.`
        : `${names.join(', ')} lead${names.length === 1 ? 's' : ''} here, by ${[...new Set(proved)].join(', ')}, which ${proved.length === 1 ? 'hands' : 'hand'} visitors on: the site's token was fetched there.`,
    );
  },
};
