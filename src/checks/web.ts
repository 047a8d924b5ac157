import type { Host } from '../host/host.ts';
import { isMaintenancePage } from '../site/maintenance.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { type Check, failing, fine, returned } from './check.ts';
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
  async run(host, given) {
    const names = namesOf(given);
    const answers = await Promise.all(names.map((name) => frontPage(host, name)));
    const wrong = answers.flatMap(({ wrong = [] }) => wrong);
    if (wrong.length === 0 && answers.some(({ maintenance }) => maintenance))
      return fine(`https://${names.join('/, https://')}/: the maintenance page, with a valid certificate.`);
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

interface FrontPage {
  readonly maintenance: boolean;
  /** Absent where nothing is wrong, the page or the maintenance page came. */
  readonly wrong?: string;
}

async function frontPage(host: Host, name: string): Promise<FrontPage> {
  const answer = await host.request(`https://${name}/`, { timeoutMs: VISITOR_MS });
  const { status, error } = answer;
  const maintenance = isMaintenancePage(answer);
  return maintenance || (status >= 200 && status < 400)
    ? { maintenance }
    : { maintenance, wrong: `https://${name}/: ${error ?? `HTTP ${status}`}` };
}

/**
 * @param name of the site
 * @returns milliseconds in which its front page came, as a visitor's browser gets it; `undefined` where it did not
 */
export async function frontPageTime(host: Host, name: string): Promise<number | undefined> {
  const started = performance.now();
  const { maintenance, wrong } = await frontPage(host, name);
  return maintenance || wrong !== undefined ? undefined : Math.round(performance.now() - started);
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
        wrong.push(`http://${name}/ ${returned(answer)} (expected a redirect to https://${name}/).`);
    }
    const former = formerNamesOf(answers);
    for (const name of former) {
      const answer = await host.request(`https://${name}/`, { timeoutMs: 5000 });
      const target = answer.headers.location ?? '';
      if (answer.status !== 301 || !target.startsWith(`https://${names[0]}/`))
        wrong.push(
          `https://${name}/, a former name, ${returned(answer)} (expected a redirect to https://${names[0]}/).`,
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
