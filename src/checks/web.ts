import type { Host } from '../host/host.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { type Check, failing, fine } from './check.ts';
import { NGINX_MENDS } from './fixes.ts';

/** Milliseconds; a site that answers later than this does not work for visitors either. */
const VISITOR_MS = 10_000;

/** As a visitor: by name, past nginx and uWSGI, with the certificate verified. */
export const httpsAnswers: Check = {
  id: 'https-answers',
  title: 'HTTPS answers by name',
  asks: 'Fetches the front page by each name of the site, with the certificate verified.',
  means: 'Visitors see the same: an error page, a warning of their browser, or nothing.',
  fixes: ['certificate/issue', ...NGINX_MENDS],
  async run(host, answers) {
    const names = namesOf(answers);
    const wrong = (await Promise.all(names.map((name) => wrongAt(host, name)))).flat();
    return wrong.length === 0
      ? fine(`https://${names.join('/, https://')}/ with a valid certificate.`)
      : failing(
          wrong.join('; '),
          'Visitors see this too. The services below say which part does not work; studio-setup run fixes what it manages.',
          this.fixes,
        );
  },
};

async function wrongAt(host: Host, name: string): Promise<readonly string[]> {
  const { status, error } = await host.request(`https://${name}/`, { timeoutMs: VISITOR_MS });
  return status >= 200 && status < 400 ? [] : [`https://${name}/: ${error ?? `HTTP ${status}`}`];
}

export const httpRedirects: Check = {
  id: 'http-redirects',
  title: 'HTTP leads to HTTPS',
  asks: 'Fetches http:// by each name of the site and expects to be sent to https:// of the same name; by each former name, over HTTPS, to the domain.',
  means:
    'Who types the name without https://, or follows a link to a former name, does not find the site, or uses it unencrypted.',
  fixes: NGINX_MENDS,
  async run(host, answers) {
    const names = namesOf(answers);
    const wrong: string[] = [];
    for (const name of names) {
      const answer = await host.request(`http://${name}/`, { timeoutMs: 5000 });
      const target = answer.headers.location ?? '';
      if (![301, 302, 307, 308].includes(answer.status) || !target.startsWith(`https://${name}`))
        wrong.push(`http://${name}/ answers ${answer.error ?? `HTTP ${answer.status} ${target}`}.`);
    }
    const former = formerNamesOf(answers);
    for (const name of former) {
      const { status, headers, error } = await host.request(`https://${name}/`, { timeoutMs: 5000 });
      const target = headers.location ?? '';
      if (status !== 301 || !target.startsWith(`https://${names[0]}/`))
        wrong.push(`https://${name}/, a former name, answers ${error ?? `HTTP ${status} ${target}`}.`);
    }
    return wrong.length === 0
      ? fine(
          [
            ...names.map((name) => `http://${name}/ → https://${name}/`),
            ...former.map((name) => `https://${name}/ → https://${names[0]}/`),
          ].join(', '),
        )
      : failing(wrong.join(' '), 'Run again: studio-setup run configuration-files start-nginx', this.fixes);
  },
};
