import type { Host } from '../host/host.ts';
import { UWSGI_SOCKET } from '../site/layout.ts';
import { isMaintenancePage } from '../site/maintenance.ts';
import { askUwsgi } from '../site/uwsgi.ts';
import type { Circumstances } from './procedure.ts';

/** @returns the name that the site is asked by */
export function siteName({ answers }: Pick<Circumstances, 'answers'>): string {
  return answers.optionalText('domain') ?? 'localhost';
}

/** @returns what is wrong with the site itself, past nginx: for when visitors get the maintenance page; `undefined` when it answers */
export async function siteBehind(name: string): Promise<string | undefined> {
  const answer = await askUwsgi(UWSGI_SOCKET, name);
  if ('wrong' in answer) return `uWSGI: ${answer.wrong}`;
  return answer.status < 400
    ? undefined
    : `The front page returned HTTP ${answer.status} behind the maintenance page.`;
}

/** @returns what is wrong with the way of a visitor: by its public address, through nginx to a page; `undefined` when it answers */
export async function siteAnswers(host: Host, name: string): Promise<string | undefined> {
  const behind = await askUwsgi(UWSGI_SOCKET, name);
  if ('wrong' in behind) return `uWSGI: ${behind.wrong}`;
  const answer = await host.request(`https://${name}/`);
  const { status, error } = answer;
  if (isMaintenancePage(answer))
    return `https://${name}/ shows the maintenance page. To end it: studio-setup maintenance off`;
  if (status < 200 || status >= 400) return `https://${name}/ returned ${error ?? `HTTP ${status}`}.`;
  // By name, another server of the site may have answered.
  return behind.status < 500 ? undefined : `uWSGI of this server returned HTTP ${behind.status}.`;
}
