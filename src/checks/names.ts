import { judge, ownAddresses } from '../requirements/names.ts';
import { resolve } from '../site/dns.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { type Check, failing, fine } from './check.ts';

export const namesLeadHere: Check = {
  id: 'dns',
  title: 'Names in DNS',
  asks: "Asks the name server, past /etc/hosts, for A and AAAA of each name, and compares them with this host's own addresses.",
  means: 'Visitors, or a part of them, reach another host, and the next renewal fails.',
  fixes: [],
  async run(host, answers) {
    const names = [...namesOf(answers), ...formerNamesOf(answers)];
    const own = await ownAddresses(host);
    const judged = await Promise.all(names.map(async (name) => judge(name, await resolve(name), own)));
    const wrong = judged.filter((each) => each !== undefined);
    // Behind a router that translates addresses only the operator knows what is right.
    const [first] = wrong.filter(({ onlyWarn }) => !onlyWarn);
    if (first !== undefined)
      return failing(
        wrong.map(({ what }) => what).join(' '),
        first.remedy.replace(/, then run again\. Nothing was changed\.$/, '.'),
      );
    return fine(
      wrong[0] === undefined
        ? `${names.join(', ')} lead${names.length === 1 ? 's' : ''} here.`
        : `${wrong[0].what} ${wrong[0].remedy}`,
    );
  },
};
