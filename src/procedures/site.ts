import type { Host } from '../host/host.ts';
import { UWSGI_SOCKET } from '../site/layout.ts';
import { askUwsgi } from '../site/uwsgi.ts';
import type { Circumstances } from './procedure.ts';

/** @returns the name that the site is asked by */
export function siteName({ answers }: Pick<Circumstances, 'answers'>): string {
  return answers.optionalText('domain') ?? 'localhost';
}

/** @returns what is wrong with the way of a visitor: by its public address, through nginx to a page; `undefined` when it answers */
export async function siteAnswers(host: Host, name: string): Promise<string | undefined> {
  const behind = await askUwsgi(UWSGI_SOCKET, name);
  if ('wrong' in behind) return `uWSGI: ${behind.wrong}`;
  const { status, error } = await host.request(`https://${name}/`);
  return status >= 200 && status < 400
    ? undefined
    : `https://${name}/ returned ${error ?? `HTTP ${status}`}.`;
}
