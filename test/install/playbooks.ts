import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Finished } from '../rehearsal/process.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { shell } from './operator.ts';

/** The last lines of a play, by host. */
export function recap({
  stdout,
  stderr,
}: Finished): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const rows = [...stdout.matchAll(/^([\w.]+) +: (ok=.*)$/gm)].map(([, host = '', counts = '']) => [
    host,
    Object.fromEntries(
      [...counts.matchAll(/(\w+)=(\d+)/g)].map(([, name, number]) => [name, Number(number)]),
    ),
  ]);
  expect(rows.length, stdout.slice(-4000) + stderr).toBeGreaterThan(0);
  return Object.fromEntries(rows);
}

/**
 * Lets the operator in, as whom the inventory names.
 * @param folder of the operator, with key.pub: absolute path
 * @returns the host's key as a line of known_hosts
 */
export async function letIn(
  host: Rehearsal,
  name: string,
  user: 'root' | 'deploy',
  folder: string,
): Promise<string> {
  await shell(
    host,
    'apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends openssh-server >/dev/null 2>&1',
  );
  if (user !== 'root') {
    await shell(host, `useradd --create-home --shell /bin/bash ${user}`);
    await host.write(`/etc/sudoers.d/${user}`, `${user} ALL=(ALL) NOPASSWD: ALL\n`, { mode: '440' });
  }
  // As enter.ts has it for whoever enters without a login: certbot's requests would not trust the ACME server.
  await host.write('/etc/environment', 'REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt\n');
  await host.write('/etc/sudoers.d/authorities', 'Defaults env_keep += "REQUESTS_CA_BUNDLE"\n', {
    mode: '440',
  });
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const owner = `${user}:${user}`;
  await host.write(`${home}/.ssh/authorized_keys`, await readFile(path.join(folder, 'key.pub')), {
    mode: '600',
    owner,
  });
  await shell(host, `chown ${owner} ${home}/.ssh; chmod 700 ${home}/.ssh`);
  return `${name} ${(await host.read('/etc/ssh/ssh_host_ed25519_key.pub')).split(' ').slice(0, 2).join(' ')}\n`;
}
