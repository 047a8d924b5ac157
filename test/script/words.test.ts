import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { isSecret } from '../../src/answers/values.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import type { Planned } from '../../src/engine/plan.ts';
import { clean } from '../../src/output/clean.ts';
import { functionsFor } from '../../src/script/functions.ts';
import { PROGRAMS, programSource } from '../../src/script/programs.ts';
import { scriptOf } from '../../src/script/script.ts';
import { fields, word, words } from '../../src/script/words.ts';
import { sections } from '../../steps/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'script-words-'));
afterAll(() => rmSync(folder, { recursive: true }));
/** Made by whichever value was taken for a command. */
const canary = join(folder, 'canary');

const HOSTILE = [
  "o'brien@example.org",
  `x"; touch ${canary}; "@example.org`,
  `'$(touch ${canary})'@example.org`,
  `\`touch ${canary}\`@example.org`,
  `'; touch ${canary} #@example.org`,
  `"+__import__("os").system("touch ${canary}")+"@example.org`,
  `'''@"""@example.org`,
  `|e touch ${canary}|@example.org`,
  'a&b|c/d\\1\\n@example.org',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash
  '$HOME${HOME}!!~*?[x]{a,b}@example.org',
  '%s%n%%\\x41@example.org',
  '--help@example.org',
  '日本語é\u200b\u202e@example.org',
  '\\',
  '\\\\\'\\"',
  '',
];
/** Any text of lines that a program can be given: no NUL, and no half of a character. */
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((each) => !each.includes('\0'));

function bash(script: string, input = ''): string {
  const argv = ['-euo', 'pipefail', '-c', `export LC_ALL=C.UTF-8\n${script}`];
  return execFileSync('bash', argv, {
    encoding: 'utf8',
    input,
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

describe('a value arrives byte for byte', () => {
  test('as a word of bash, also behind the filter of what is shown', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 60 }), (some) => {
        const values = [...HOSTILE, ...some];
        const line = `printf '%s\\0' ${words(values)}`;
        expect(clean(line)).toBe(line);
        expect(bash(line).split('\0').slice(0, -1)).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });

  test('as a field for Python', () => {
    const program = 'import json, sys; print(json.dumps(sys.stdin.buffer.read().decode().split("\\0")[:-1]))';
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (some) => {
        const values = [...HOSTILE, ...some];
        const line = `${fields(...values.map(word))} | python3 -I -c ${word(program)}`;
        expect(JSON.parse(bash(line))).toEqual(values);
      }),
      { numRuns: 10 },
    );
  });

  test('a NUL is refused', () => {
    expect(() => word('a\0b')).toThrow(TypeError);
  });
});

/** Answers of kind text that are no names: those may be of any form that their question lets through, and more. */
const NAMES = [
  'domain',
  'extra-names',
  'redirect-names',
  'database.port',
  'meilisearch.version',
  'meilisearch.sha256',
];
const texts = sections
  .flatMap(({ questions }) => questions)
  .filter(({ id, kind }) => kind === 'text' && !NAMES.includes(id));
const secrets = sections.flatMap(({ questions }) =>
  questions.filter((each) => isSecret(each)).map(({ id }) => id),
);
const answers = exampleAnswers(sections);

function hostile(value: string) {
  return texts.reduce((all, { id }) => all.with(id, value, 'file'), answers);
}

/** What the programs of an operation's lines would get: their arguments, and what they read. Nothing of it is run. */
const STUBS = `
show() { printf '<%s>\\0' "$@"; [ -t 0 ] || timeout 1 cat || true; printf '\\0'; }
for name in apart as_site in_site put fetch_program leads_here certbot start_unit wait_for edit_settings fail; do
  eval "$name() { show $name \\"\\$@\\"; }"
done
from_repository() { printf '%s\\n' '[Service]' '#Environment=SENTRY_DSN=CHANGE_ME' 'ExecStart=/usr/bin/meilisearch-0.25.2'; }
harmless() { cat; }
find_certificate() { certificate=(example.org '' missing); }
program_of_unit() { echo /usr/bin/meilisearch; }
declare -A secret
${PROGRAMS.map((name) => `${name}_program='made-up'`).join('\n')}
verifier_program='print("SCRAM-SHA-256")'
${secrets.map((id) => `secret[${id}]=made-up`).join('\n')}
cd() { :; }
`;

function received(id: string, value: string): string {
  // Only of a database on this server there is something to do.
  const given = id.startsWith('database/')
    ? hostile(value).with('database.host', 'localhost', 'file')
    : hostile(value);
  const lines = graphOf(sections, given).find(({ operation }) => operation.id === id)?.operation.script ?? [];
  return bash([STUBS, ...functionsFor(['setting']), ...lines].join('\n'));
}

describe('an answer of any form', () => {
  const usual = { numRuns: 4 };
  const values = fc.oneof(fc.constantFrom(...HOSTILE.filter((each) => each !== '')), text);

  test.each([...HOSTILE])('the whole script is bash, whatever the answer: %j', (value) => {
    const given = hostile(value);
    const nodes = graphOf(sections, given);
    const later = { later: 'needs everything', summary: '', shell: [] };
    const planned = nodes.map((node): Planned => ({ node, observation: later }));
    const script = scriptOf({ nodes, planned }, sections, given);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  test.each(PROGRAMS)('%s is Python', (name) => {
    const parse = ['-I', '-c', 'import ast, sys; ast.parse(sys.stdin.read())'];
    execFileSync('python3', parse, { input: programSource(name, answers) });
  });

  test.each([
    ['working-directory/clone', 'repository.url'],
    ['working-directory/clone', 'repository.branch'],
    ['database/role', 'database.user'],
    ['database/database', 'database.name'],
    ['meilisearch/program', 'meilisearch.release'],
    ['certificate/issue', 'certificate.server'],
    ['certificate/issue', 'certificate.email'],
    ['certificate/renewal', 'certificate.server'],
  ])('%s: %s', (id) => {
    fc.assert(
      fc.property(values, (value) => {
        const said = received(id, value);
        expect(said.includes(`<${value}>`) || said.includes(`=${value}>`)).toBe(true);
      }),
      usual,
    );
    expect(existsSync(canary)).toBe(false);
  });

  test('migrate/admin: its name and address are no part of the Python', () => {
    for (const value of HOSTILE) {
      const [, , program, ...read] = received('migrate/admin', value).split('\0');
      expect(program).toBe('<made-up>');
      expect(read.slice(0, 3)).toEqual([value, value, 'made-up']);
    }
    expect(existsSync(canary)).toBe(false);
  });

  test('settings/production: each setting is a field', () => {
    for (const value of HOSTILE) {
      const said = received('settings/production', value);
      expect(said.split('\0').filter((each) => each === value).length).toBeGreaterThanOrEqual(3);
    }
    expect(existsSync(canary)).toBe(false);
  });
});
