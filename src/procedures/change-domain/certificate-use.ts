import type { Host } from '../../host/host.ts';
import { certificateFiles, configurations } from './nginx.ts';

/** Folders of /etc: certbot's own names every certificate, and of nginx's only what nginx reads counts. */
const NOT_SEARCHED = ['letsencrypt', 'nginx'];

/**
 * Who may still need a certificate: what nginx reads, and what stands in /etc, as a path or as a link.
 * @param name at certbot
 * @returns it in words, also when it can't be told; `undefined` when nobody was found
 */
export async function useOf(host: Host, name: string): Promise<string | undefined> {
  return (await useByNginx(host, name)) ?? (await hooked(host, name)) ?? (await named(host, name));
}

async function useByNginx(host: Host, name: string): Promise<string | undefined> {
  const read = await configurations(host);
  if (read === undefined) return "nginx refuses its configuration, so it can't tell what it uses (nginx -t)";
  const folders = foldersOf(name).map((folder) => `${folder}/`);
  if (read.some((text) => folders.some((folder) => text.includes(folder))))
    return 'nginx names it (nginx -T)';
  const files = [...new Set(read.flatMap(certificateFiles))];
  const variable = files.find((file) => file.includes('$'));
  if (variable !== undefined) return `nginx finds certificates by a pattern, ${variable}, which may match it`;
  if (files.length === 0) return undefined;
  const paths = files.map((file) => (file.startsWith('/') ? file : `/etc/nginx/${file}`));
  const { code, stdout } = await host.query(['realpath', '--canonicalize-missing', '--', ...paths]);
  if (code !== 0) return 'it is unknown which files nginx reads certificates from';
  return stdout.split('\n').some((path) => folders.some((folder) => path.startsWith(folder)))
    ? 'nginx reaches it through a link'
    : undefined;
}

/** Whoever gets a copy of it at each renewal. */
async function hooked(host: Host, name: string): Promise<string | undefined> {
  const path = `/etc/letsencrypt/renewal/${name}.conf`;
  const hook = /^\s*(\w+_hook)\s*=\s*(?!None\b)\S/m.exec((await host.read(path)) ?? '')?.[1];
  return hook === undefined ? undefined : `its renewal starts a hook (${hook} in ${path})`;
}

async function named(host: Host, name: string): Promise<string | undefined> {
  const entries = (await host.list('/etc')).filter((entry) => !NOT_SEARCHED.includes(entry));
  const places: string[] = [];
  for (const place of [...entries, 'letsencrypt/renewal-hooks'].map((entry) => `/etc/${entry}`)) {
    const type = (await host.status(place))?.type;
    // grep would follow a link that is given to it.
    if (type === 'file' || type === 'directory') places.push(place);
  }
  const pattern = `/etc/letsencrypt/(live|archive)/${name.replaceAll('.', '\\.')}($|[^A-Za-z0-9._-])`;
  const grep = ['grep', '-rIlsE', '--devices=skip', '-e', pattern, '--', ...places];
  const links = foldersOf(name).flatMap((folder) => ['-o', '-lname', folder, '-o', '-lname', `${folder}/*`]);
  const find = ['find', '/etc', '-path', '/etc/letsencrypt', '-prune', '-o', '-type', 'l', '('];
  const searches = [grep, [...find, ...links.slice(1), ')', '-print']];
  for (const [program = '', ...args] of searches) {
    const { code, stdout } = await host.query([program, ...args], { timeoutMs: 20_000, quiet: true });
    const [found = ''] = stdout.split('\n');
    if (found !== '') return `${found} names it`;
    // grep says 1 when it finds nothing.
    if (code !== 0 && !(program === 'grep' && code === 1))
      return `/etc could not be searched for it (${program})`;
  }
  return undefined;
}

function foldersOf(name: string): readonly string[] {
  return ['live', 'archive'].map((kind) => `/etc/letsencrypt/${kind}/${name}`);
}
