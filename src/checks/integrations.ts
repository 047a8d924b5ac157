import { djangoState } from '../site/django.ts';
import { setUp, switchedOff } from '../site/integration-switches.ts';
import { type Check, failing, fine } from './check.ts';

/** Keys alone do nothing: with Mailgun's and the console's backend no e-mail leaves (trap 17). */
export const integrationsAreOn: Check = {
  id: 'integrations',
  title: 'Integrations',
  asks: 'Asks Django which integrations have keys. Checks that each has all of its keys, and that what uses them is switched on: e-mail backend, file storage, country database. Contacts none of the services; `studio-setup test-email` sends a message.',
  means: 'An integration that was set up does nothing: no e-mail leaves, files stay on this server.',
  fixes: [],
  early: djangoState,
  async run(host) {
    const inForce = (await djangoState(host))?.integrations;
    if (inForce === undefined)
      return failing("The site can't say which integrations it has.", 'See Production settings above.');
    const off = switchedOff(inForce);
    const groups = setUp(inForce);
    if (off.length === 0)
      return fine(groups.length === 0 ? 'None is set up.' : `Switched on: ${groups.join(', ')}.`);
    return failing(
      off.map(({ group, wrong }) => `${group}: ${wrong}.`).join(' '),
      off.map(({ remedy }) => `${remedy}.`).join(' '),
    );
  },
};
