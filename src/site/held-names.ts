import type { Host } from '../host/host.ts';

/** Asked by the system's resolver before DNS (hosts(5), nsswitch.conf(5)); studio-setup asks DNS past it. */
export const HOSTS = '/etc/hosts';

/** Ends each line that holds names. */
const MARK = '# until DNS points here: studio-setup move finish';

/** For both families: of one that is not there, the resolver would go on to DNS, which has the other server. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;

/** @param text of {@link HOSTS} @returns it with the names of a site held on this server, which its own programs reach it by */
export function withHeld(text: string, names: readonly string[]): string {
  const before = withoutHeld(text);
  const lines = LOOPBACK.map((address) => `${address} ${names.join(' ')} ${MARK}\n`);
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${lines.join('')}`;
}

/** @param text of {@link HOSTS} @returns it without names that are held */
export function withoutHeld(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.endsWith(MARK))
    .join('\n');
}

/** @returns whether names of the site are held on this server, as DNS has another one */
export async function namesHeld(host: Host): Promise<boolean> {
  const text = (await host.read(HOSTS)) ?? '';
  return withoutHeld(text) !== text;
}
