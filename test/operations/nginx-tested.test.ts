import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isLater, type Operation } from '../../src/engine/operation.ts';
import { file } from '../../src/operations/file.ts';
import { link } from '../../src/operations/link.ts';
import { nginxTested } from '../../src/operations/nginx-tested.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { temporaryHost } from '../host/temporary.ts';

const CONF = `events {} pid pid; error_log error.log; http { access_log off; include sites/*; }`;
const server = (words: string) => `server { listen 18080 ${words}; server_name a.example.org; }\n`;

// The real nginx, with a folder of its own.
function given(sites: Readonly<Record<string, string>>) {
  const host = temporaryHost((program, folder) =>
    program === 'nginx' ? ['-p', folder, '-c', path.join(folder, 'nginx.conf')] : [],
  );
  const at = (name: string) => path.join(host.folder, name);
  mkdirSync(at('sites'));
  writeFileSync(at('nginx.conf'), CONF);
  for (const [name, text] of Object.entries(sites)) writeFileSync(at(name), text);
  return { ...host, at, [Symbol.dispose]: host[Symbol.dispose] };
}

async function apply(operation: Operation, { host, live }: ReturnType<typeof given>) {
  const change = await operation.observe(host);
  if (change === undefined || isLater(change)) throw new Error('nothing to do');
  return change.apply(live);
}

const linked = (host: ReturnType<typeof given>) =>
  link({ id: 'a/b', path: host.at('sites/studio'), target: host.at('studio.conf'), tested: nginxTested });

test.each([
  { what: 'a good one', other: '', own: server('') },
  { what: 'beside one that is broken already', other: 'no_such;\n', own: server('') },
])('a link to $what stays', async ({ other, own }) => {
  using host = given({ 'sites/other': other, 'studio.conf': own });
  await apply(linked(host), host);
  expect(readlinkSync(host.at('sites/studio'))).toBe(host.at('studio.conf'));
});

test.each([
  { what: 'a second default server', own: server('default_server'), said: /duplicate default server/ },
  { what: 'files that are not there', own: 'include nowhere.conf;\n', said: /nowhere\.conf/ },
])('a link that nginx refuses for $what is taken back, with its words', async ({ own, said }) => {
  using host = given({ 'sites/other': server('default_server'), 'studio.conf': own });
  const refused = await apply(linked(host), host).catch((error: unknown) => error);
  if (!(refused instanceof ProblemError)) throw refused;
  expect(refused.problem.what).toContain('That change was taken back');
  expect(refused.problem.detail?.join('\n')).toMatch(said);
  expect(existsSync(host.at('sites/studio'))).toBe(false);
});

test('a link that led elsewhere leads there again', async () => {
  using host = given({ 'old.conf': server(''), 'studio.conf': 'no_such;\n' });
  symlinkSync(host.at('old.conf'), host.at('sites/studio'));
  await expect(apply(linked(host), host)).rejects.toThrow('taken back');
  expect(readlinkSync(host.at('sites/studio'))).toBe(host.at('old.conf'));
});

test.each([{ before: server('') }, { before: undefined }])(
  'a file goes back to $before',
  async ({ before }) => {
    using host = given(before === undefined ? {} : { 'sites/studio': before });
    const operation = file({
      id: 'a/b',
      path: host.at('sites/studio'),
      shell: [],
      tested: nginxTested,
      content: async () => 'no_such;\n',
      pristine: async () => [before ?? ''],
    });
    await expect(apply(operation, host)).rejects.toThrow('taken back');
    const left = existsSync(host.at('sites/studio'))
      ? readFileSync(host.at('sites/studio'), 'utf8')
      : undefined;
    expect(left).toBe(before);
  },
);
