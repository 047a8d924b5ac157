import { certificateMissing, installedCertificate, parse } from '../site/certificate.ts';
import { djangoState } from '../site/django.ts';
import { namesOf } from '../site/names.ts';
import { type Check, failing, fine } from './check.ts';

/** certbot renews 30 days before the end: later than this, renewals have been failing for two weeks. */
const RENEWAL_OVERDUE_MS = 16 * 24 * 60 * 60_000;

/** As a visitor: by name, past nginx and uWSGI, with the certificate verified. */
export const httpsAnswers: Check = {
  id: 'https-answers',
  title: 'HTTPS answers by name',
  async run(host, answers) {
    const wrong: string[] = [];
    for (const name of namesOf(answers)) {
      const answer = await host.request(`https://${name}/`);
      if (answer.status < 200 || answer.status >= 400)
        wrong.push(`https://${name}/: ${answer.error ?? `HTTP ${answer.status}`}`);
    }
    return wrong.length === 0
      ? fine(`https://${namesOf(answers).join('/, https://')}/ with a valid certificate.`)
      : failing(
          wrong.join('; '),
          'Visitors see this too. The services below say which part does not work; studio-setup run mends what it manages.',
        );
  },
};

export const httpRedirects: Check = {
  id: 'http-redirects',
  title: 'HTTP leads to HTTPS',
  async run(host, answers) {
    const [domain] = namesOf(answers);
    const answer = await host.request(`http://${domain}/`);
    const target = answer.headers.location ?? '';
    return [301, 302, 307, 308].includes(answer.status) && target.startsWith(`https://${domain}`)
      ? fine(`http://${domain}/ → ${target}`)
      : failing(
          `http://${domain}/ answers ${answer.error ?? `HTTP ${answer.status} ${target}`}.`,
          'Run again: studio-setup run configuration-files start-nginx',
        );
  },
};

export const certificateIsServed: Check = {
  id: 'certificate',
  title: 'Certificate',
  async run(host, answers) {
    const [domain] = namesOf(answers);
    const missing = await certificateMissing(host, namesOf(answers));
    const installed = await installedCertificate(host, domain);
    if (missing !== undefined || installed === undefined) {
      return failing(
        `The certificate for ${domain}: ${missing ?? 'it is not readable'}.`,
        'Run again: studio-setup run certificate',
      );
    }
    const served = parse(
      (await host.request(`https://${domain}/`, { address: '127.0.0.1' })).certificate ?? '',
    );
    if (served?.serial !== installed.serial) {
      return failing(
        'nginx serves another certificate than the one on the disk.',
        'nginx -t && systemctl reload nginx; and see that the renewal hook is there: studio-setup run certificate',
      );
    }
    const end = new Date(installed.expires).toISOString().slice(0, 10);
    return installed.expires - Date.now() < RENEWAL_OVERDUE_MS
      ? failing(
          `The certificate ends on ${end}, and should have been renewed by now.`,
          'See why: certbot renew --dry-run; then: studio-setup run certificate',
        )
      : fine(`Valid until ${end}, and the one that nginx serves.`);
  },
};

export const databasePage: Check = {
  id: 'database',
  title: 'Database',
  async run(host) {
    const state = await djangoState(host);
    if (state === undefined) return failing('The site is not installed yet.', 'Run: studio-setup run');
    if (state.importError !== undefined)
      return failing(
        `settings.py does not import: ${state.importError}`,
        'Mend what it names, as www-data; then: systemctl restart studio studio-background',
      );
    if (state.databaseError !== undefined)
      return failing(
        `The site can't use its database: ${state.databaseError.split('\n')[0]}`,
        'See that PostgreSQL runs (systemctl status postgresql) and that the password in settings.py is right: studio-setup run database',
      );
    const unapplied = state.unapplied?.length ?? 0;
    return unapplied === 0
      ? fine('The site reads its database, and every migration is applied.')
      : failing(`${unapplied} migrations are not applied.`, 'Run: studio-setup run migrate');
  },
};

export const productionSettings: Check = {
  id: 'settings',
  title: 'Production settings',
  async run(host) {
    const state = await djangoState(host);
    if (state?.debug === undefined)
      return failing('settings.py does not import.', 'Run: studio-setup run settings');
    return state.debug
      ? failing(
          'DEBUG is on: errors show settings and code to every visitor.',
          'Run: studio-setup run settings; then see that studio was restarted.',
        )
      : fine('settings.py imports, and DEBUG is off.');
  },
};
