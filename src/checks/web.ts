import type { Host } from '../host/host.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { type Check, failing, fine } from './check.ts';
import { NGINX_FIXES } from './fixes.ts';

/** Milliseconds; a site that answers later than this does not work for visitors either. */
const VISITOR_MS = 10_000;

/** As a visitor: by name, past nginx and uWSGI, with the certificate verified. */
export const httpsAnswers: Check = {
  id: 'https-answers',
  title: 'HTTPS answers by name',
  asks: 'Fetches the front page by each name of the site, with the certificate verified.',
  means: 'Visitors see an error page, a warning from their browser, or nothing.',
  fixes: ['certificate/issue', ...NGINX_FIXES],
  async run(host, answers) {
    const names = namesOf(answers);
    const wrong = (await Promise.all(names.map((name) => wrongAt(host, name)))).flat();
    return wrong.length === 0
      ? fine(
          `https://${names.join('/, https://')}/ answer${names.length === 1 ? 's' : ''} with a valid certificate.`,
        )
      : failing(
          wrong.join('; '),
          'Visitors see this, too. The checks of the services say which part does not work. To fix what studio-setup manages: studio-setup run',
          this.fixes,
        );
  },
};

async function wrongAt(host: Host, name: string): Promise<readonly string[]> {
  const { status, error } = await host.request(`https://${name}/`, { timeoutMs: VISITOR_MS });
  return status >= 200 && status < 400 ? [] : [`https://${name}/: ${error ?? `HTTP ${status}`}`];
}

/**
 * @param name of the site
 * @returns milliseconds in which its front page came, as a visitor's browser gets it; `undefined` where it did not
 */
export async function frontPageTime(host: Host, name: string): Promise<number | undefined> {
  const started = performance.now();
  const wrong = await wrongAt(host, name);
  return wrong.length === 0 ? Math.round(performance.now() - started) : undefined;
}

export const httpRedirects: Check = {
  id: 'http-redirects',
  title: 'HTTP redirects to HTTPS',
  asks: 'Fetches http:// for each name of the site, and expects a redirect to https:// of the same name. Fetches https:// for each former name, and expects a redirect to the domain.',
  means:
    'Visitors who type the name without https://, or follow a link to a former name, do not reach the site, or use it unencrypted.',
  fixes: NGINX_FIXES,
  async run(host, answers) {
    const names = namesOf(answers);
    const wrong: string[] = [];
    for (const name of names) {
      const answer = await host.request(`http://${name}/`, { timeoutMs: 5000 });
      const target = answer.headers.location ?? '';
      if (![301, 302, 307, 308].includes(answer.status) || !target.startsWith(`https://${name}`))
        wrong.push(
          `http://${name}/ returned ${answer.error ?? `HTTP ${`${answer.status} ${target}`.trim()}`} (expected a redirect to https://${name}/).`,
        );
    }
    const former = formerNamesOf(answers);
    for (const name of former) {
      const { status, headers, error } = await host.request(`https://${name}/`, { timeoutMs: 5000 });
      const target = headers.location ?? '';
      if (status !== 301 || !target.startsWith(`https://${names[0]}/`))
        wrong.push(
          `https://${name}/, a former name, returned ${error ?? `HTTP ${`${status} ${target}`.trim()}`} (expected a redirect to https://${names[0]}/).`,
        );
    }
    return wrong.length === 0
      ? fine(
          [
            ...names.map((name) => `http://${name}/ → https://${name}/`),
            ...former.map((name) => `https://${name}/ → https://${names[0]}/`),
          ].join(', '),
        )
      : failing(wrong.join(' '), 'Run: studio-setup run configuration-files start-nginx', this.fixes);
  },
};
