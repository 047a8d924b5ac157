import { silentToBalancers } from '../site/balanced.ts';
import { type Check, failing, fine } from './check.ts';
import { NGINX_FIXES } from './fixes.ts';

/** What comes by name may have been answered by another server of the site. */
export const servesBalancers: Check = {
  id: 'behind-balancers',
  title: 'Load balancers get the site',
  asks: 'On a server behind load balancers: fetches the front page from nginx of this server, as a load balancer does for a visitor.',
  means: 'Load balancers take this server for one that is down.',
  fixes: NGINX_FIXES,
  async run(host, answers) {
    const wrong = await silentToBalancers(host, answers);
    return wrong === undefined
      ? fine('nginx of this server gives load balancers the front page.')
      : failing(`${wrong}.`, 'The checks of the services say which part does not work.', this.fixes);
  },
};
