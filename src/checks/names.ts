import { handedOn, judge, ownAddresses } from '../requirements/names.ts';
import { resolve } from '../site/dns.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { type Check, failing, fine } from './check.ts';

export const namesPointHere: Check = {
  id: 'dns',
  title: 'Names in DNS',
  asks: "Asks the name server, not /etc/hosts, for the A and AAAA records of each name, and compares them with this server's own addresses. At other addresses, such as a load balancer's, fetches the site's token by name over port 80.",
  means: 'Some or all visitors reach another server, and the next renewal fails.',
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
    const point = names.length === 1 ? 'points' : 'point';
    return fine(
      proved.length === 0
        ? `${names.join(', ')} ${point} to this server.`
        : `${names.join(', ')} ${point} to this server through ${[...new Set(proved)].join(', ')}: the site's token was found there.`,
    );
  },
};
