import { clusterState } from '../site/database-cluster.ts';
import { type Check, failing, fine } from './check.ts';

/** Of a server that has the database and not the site, which would ask for a page from it. */
export const databaseServer: Check = {
  id: 'database-server',
  title: 'Database server',
  asks: 'On a server that has the database and not the site: asks PostgreSQL whether it accepts connections.',
  means: 'No server of the site reaches its database: no page loads.',
  fixes: ['database/packages', 'database/running'],
  answers: ['database.port', 'database.host'],
  async run(host, answers) {
    const state = await clusterState(host, answers);
    return state === 'accepting'
      ? fine(`PostgreSQL accepts connections at port ${answers.text('database.port')}.`)
      : failing(
          `PostgreSQL accepts no connections at port ${answers.text('database.port')} (${state}).`,
          'See why: journalctl -u postgresql -n 50; pg_lsclusters. Then: studio-setup run database',
          this.fixes,
        );
  },
};
