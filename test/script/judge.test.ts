import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nginxDoubts } from '../../src/configs/nginx/trust.ts';
import { bootstrapVhost, studioVhost } from '../../src/configs/nginx/vhost.ts';
import { unitDoubts } from '../../src/configs/unit-trust.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import { functionsFor } from '../../src/script/functions.ts';
import { programSource } from '../../src/script/programs.ts';
import {
  ACME_WEBROOT,
  NGINX_COMMON,
  NGINX_SITE,
  SITE_UNITS,
  UNITS,
  UWSGI_INI,
} from '../../src/site/layout.ts';
import { sections } from '../../steps/index.ts';
import {
  DOUBTFUL_SERVICES,
  DOUBTFUL_UNITS,
  DOUBTFUL_UNITS_OF_ROOT,
  PLAIN,
} from '../configs/doubtful-units.ts';
import { AMBIGUOUS, BEYOND, BY_ROOT } from '../configs/nginx/doubtful.ts';

const DEPLOY = path.join(import.meta.dirname, '../rehearsal/site/deploy');
const answers = exampleAnswers(sections);
const graph = graphOf(sections, answers);
const PROGRAM = programSource('judge', answers);
const ROOTS = 'studio-background-restart.service';

function judged(kind: string, file: string, source: string) {
  const argv = ['-I', '-c', PROGRAM, kind, file];
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', argv, { input: source, encoding: 'utf8' });
  return { passed: status === 0 && stdout === source, nothing: stdout === '', stderr };
}

describe('the judge of an exported script passes', () => {
  const units = readdirSync(path.join(DEPLOY, UNITS));
  test.each(units)('%s as the document has it, with any line breaks', (name) => {
    const source = readFileSync(path.join(DEPLOY, UNITS, name), 'utf8').replace(/^EnvironmentFile=.*\n/m, '');
    for (const text of [source, source.replaceAll('\n', '\r\n')])
      expect(judged('unit', `${UNITS}/${name}`, text)).toEqual({ passed: true, nothing: false, stderr: '' });
  });

  const names = { domain: 'films.example.org', extraNames: ['www.example.org'], webroot: ACME_WEBROOT };
  const config = (name: string) => readFileSync(path.join(DEPLOY, 'var/www/config', name), 'utf8');
  test.each([
    ['the HTTP site', bootstrapVhost(names)],
    ['the HTTPS site', studioVhost(config('nginx_studio.conf'), { ...names, tlsOptions: 'certbot' })],
    ['what its servers have in common', config('nginx_studio.common.conf')],
    ['the parameters of uWSGI', config('uwsgi_params')],
  ])('%s', (_, source) => {
    expect(judged('nginx', NGINX_SITE, source)).toEqual({ passed: true, nothing: false, stderr: '' });
  });
});

describe('it refuses all that studio-setup asks about', () => {
  test.each<readonly [title: string, unit: string, source: string]>([
    ...DOUBTFUL_SERVICES.map(([title, , source]) => [title, 'studio.service', source] as const),
    ...DOUBTFUL_UNITS_OF_ROOT.map(([title, , source]) => [`root's unit: ${title}`, ROOTS, source] as const),
    ...DOUBTFUL_UNITS.map(([name, doubt, source]) => [`${name}: ${doubt}`, name, source] as const),
    [
      'a comment in a command',
      'x.service',
      PLAIN.replace('/uwsgi', '/uwsgi \\\n# x\nEnvironment=y ; /usr/bin/id'),
    ],
    ['a separator in quotes', 'x.service', PLAIN.replace('/uwsgi', '/uwsgi ";" +/usr/bin/id')],
  ])('%s', (_, name, source) => {
    const { nothing, stderr } = judged('unit', `${UNITS}/${name}`, source);
    expect(nothing).toBe(true);
    expect(stderr).toMatch(/^✗ .*comes from the checkout.* --overwrite /);
  });

  test.each([...BY_ROOT, ...AMBIGUOUS, ...BEYOND])('%s', (_, text) => {
    expect(judged('nginx', NGINX_SITE, `server {\n listen 80;\n ${text}\n}\n`).nothing).toBe(true);
  });

  test.each([
    'server {',
    'server { } }',
    ';',
    'map $host $x {\n include /etc/shadow;\n}',
    'upstream x { server 10.0.0.1:80; }',
    'add_header X "unclosed;',
  ])('%j', (source) => {
    expect(judged('nginx', NGINX_SITE, source).nothing).toBe(true);
  });

  /** The pieces that a reader may put together in another way. */
  const piece = fc.constantFrom(
    ...[
      '\\',
      '\n',
      '\r',
      '\t',
      ' ',
      ';',
      '#',
      '"',
      "'",
      '+',
      '=',
      '[Service]\n',
      '[Unit]\n',
      '\u00a0',
      '\u000b',
    ],
    ...[
      'User=www-data\n',
      'User=root\n',
      'ExecStart=/usr/bin/x',
      'ExecStart=+/x\n',
      'Environment=a',
      '{',
      '}',
    ],
    ...[
      'root /etc;',
      'location /x ',
      'include /etc/shadow;',
      'add_header a b',
      'map $a $b ',
      'server ',
      '${',
    ],
  );
  const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));

  test('whatever a text is made of', () => {
    const name = 'x.service';
    fc.assert(
      fc.property(text, (made) => {
        const service = `${PLAIN}${made}`;
        if (unitDoubts(name, service).length > 0) expect(judged('unit', name, service).nothing).toBe(true);
        if (nginxDoubts(made).all.length > 0) expect(judged('nginx', name, made).nothing).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

/** The lines with the functions that they call, where the checkout is in a folder of this machine, and what is put is printed. */
function bash(checkout: string, lines: readonly string[], sums: Readonly<Record<string, string>> = {}) {
  const programs = ['judge', 'vhost', 'served'] as const;
  const script = [
    'set -euo pipefail',
    ...functionsFor(lines),
    // As the checkout's owner, and there.
    `as_site() { "\${@//\\/var\\/www\\/blender-studio/${checkout}}"; }`,
    'put() { echo "put $1" >&2; cat; }',
    'uwsgi_plugin() { echo python311; }',
    "in_site() { printf '%s\\n' /static/ /var/www/blender-studio/static /media/ /var/www/blender-studio/media; }",
    'find_certificate() { certificate=(films.example.org films.example.org ""); }',
    `declare -A judged=(${Object.entries(sums)
      .map(([file, sum]) => `[${file}]=${sum}`)
      .join(' ')})`,
    'addresses_program=',
    ...programs.map((name) => `${name}_program=$(cat <<'PYTHON'\n${programSource(name, answers)}\nPYTHON\n)`),
    ...lines,
  ];
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script.join('\n')], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function committed(checkout: string): void {
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    ['commit', '--quiet', '--message', 'x'],
  ])
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd: checkout });
}

describe('in the script', () => {
  const unit = `${UNITS}/studio.service`;
  let checkout: string;

  beforeEach(() => {
    checkout = mkdtempSync(path.join(tmpdir(), 'judged-'));
    mkdirSync(path.join(checkout, 'deploy', UNITS), { recursive: true });
    writeFileSync(path.join(checkout, 'deploy', unit), PLAIN);
    committed(checkout);
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  /** What the lines of a unit put into its place. @param sums of what was judged when the script was made */
  function installed(sums?: Readonly<Record<string, string>>) {
    const { stderr, ...rest } = bash(
      checkout,
      [`from_repository ${unit} | harmless unit ${unit} | put ${unit}`],
      sums,
    );
    return { ...rest, stderr: stderr.replace(`put ${unit}\n`, '') };
  }
  const sum = (text: string) => createHash('sha256').update(text).digest('hex');
  const write = (text: string) => writeFileSync(path.join(checkout, 'deploy', unit), text);

  test('a file as its commit has it, and harmless, is taken', () => {
    expect(installed()).toEqual({ status: 0, stdout: PLAIN, stderr: '' });
  });

  test('one that was judged is taken, whatever it says', () => {
    const asked = PLAIN.replace('User=www-data', 'User=root');
    write(asked);
    expect(installed({ [unit]: sum(asked) })).toEqual({ status: 0, stdout: asked, stderr: '' });
  });

  test('one that was changed since it was judged is refused', () => {
    write(`${PLAIN}Nice=1\n`);
    const { status, stdout, stderr } = installed({ [unit]: sum(PLAIN) });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`deploy${unit} is not the file that studio-setup judged`);
  });

  test('one that differs from its commit is refused', () => {
    write(`${PLAIN}Nice=1\n`);
    const { status, stdout, stderr } = installed();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`deploy${unit} differs from its commit`);
  });

  test('all files of the site are taken', () => {
    cpSync(DEPLOY, path.join(checkout, 'deploy'), { recursive: true });
    committed(checkout);
    const lines = graph.flatMap(({ operation: { script = [] } }) =>
      script.some((line) => line.includes('harmless')) ? script : [],
    );
    const { status, stderr } = bash(checkout, lines);
    expect([status, stderr.split('\n').filter((line) => !line.startsWith('put '))]).toEqual([0, ['']]);
    const put = new Set(stderr.split('\n').map((line) => line.slice('put '.length)));
    expect([...put]).toEqual(
      expect.arrayContaining([
        ...SITE_UNITS.map((name) => `${UNITS}/${name}`),
        NGINX_SITE,
        NGINX_COMMON,
        UWSGI_INI,
      ]),
    );
  });
});
