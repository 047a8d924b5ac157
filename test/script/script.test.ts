import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answers } from '../../src/answers/answers.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import type { Change } from '../../src/engine/operation.ts';
import type { Planned } from '../../src/engine/plan.ts';
import { redactor } from '../../src/output/redaction.ts';
import { Secret } from '../../src/output/secret.ts';
import { scriptOf } from '../../src/script/script.ts';
import { sections } from '../../steps/index.ts';
import { installMissing } from '../rehearsal/tools.ts';

const answers = exampleAnswers(sections);
const graph = graphOf(sections, answers);

/** As on a host of which nothing can be told yet. */
function fresh(given: Answers): string {
  const nodes = graphOf(sections, given);
  const later = { later: 'needs everything', summary: '', shell: [] };
  return scriptOf(
    { nodes, planned: nodes.map((node): Planned => ({ node, observation: later })) },
    sections,
    given,
  );
}

beforeAll(() => installMissing({ '/usr/bin/shellcheck': 'shellcheck' }, 'the exported script', console.log));

test('every operation that changes something is in it', () => {
  const script = fresh(answers);
  // Requirements change nothing, and have no departure and no lines.
  const requirements = [
    ...[
      'system',
      'systemd',
      'memory',
      'disk',
      'python',
      'ports',
      'meilisearch',
      'nginx',
      'names',
      'clock',
      'apt',
    ].map((name) => `requirements/${name}`),
    ...['working-directory/deploy', 'settings/import'],
    ...['client', 'data-folder', 'key-length'].map((name) => `meilisearch/${name}`),
  ];
  const missing = graph.filter(({ operation }) => !script.includes(`\nstep ${quoted(operation.title)}\n`));
  expect(missing.map(({ operation }) => operation.id).sort()).toEqual(requirements.sort());
});

describe('ShellCheck finds nothing in the script for', { timeout: 60_000 }, () => {
  test.each([
    ['the documented state', answers],
    ['a repository without deploy/', answers.with('configuration.templates', true, 'file')],
    ['a newer Meilisearch', answers.with('meilisearch.version', '1.50.0', 'file')],
    ['a database elsewhere', answers.with('database.host', 'db.example.org', 'file')],
  ])('%s', (_, given) => {
    const { status, stdout } = spawnSync('shellcheck', ['-'], { input: fresh(given), encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '']);
  });
});

test('on a host that is up to date there is nothing to do', () => {
  const planned = graph.map((node): Planned => ({ node, observation: undefined }));
  expect(scriptOf({ nodes: graph, planned }, sections, answers)).toBe(
    '#!/bin/bash\n# Everything is up to date: there is nothing to do.\n',
  );
});

test('of a plan it has what is in the plan, and only the functions for that', () => {
  const only = 'certificate/renewal-hook';
  const planned = graph.map((node): Planned => {
    const change = { kind: 'create', summary: '', shell: [], apply: async () => {} } as const;
    return { node, observation: node.operation.id === only ? change : undefined };
  });
  const script = scriptOf({ nodes: graph, planned }, sections, answers);
  expect([...script.matchAll(/^step (.*)$/gm)].map(([, title]) => title)).toEqual([
    '/etc/letsencrypt/renewal-hooks/deploy/reload-nginx',
  ]);
  expect(script).toContain('\nput() {');
  expect(script).not.toContain('install_packages');
  expect(script).not.toContain('secrets_folder');
});

test('a change that no lines bring about ends it, rather than be left out', () => {
  const node = graph.find(({ operation }) => operation.script === undefined);
  const observation = { kind: 'run', summary: 'pull the tree', shell: [], apply: async () => {} } as Change;
  const script = scriptOf({ nodes: graph, planned: node ? [{ node, observation }] : [] }, sections, answers);
  expect(script).toContain(
    "fail 'Requirements: pull the tree: this needs a run: studio-setup run requirements'",
  );
});

test('what settings.py gives out for a secret takes nothing out of the commands', () => {
  redactor.learn(' | harmless unit /etc/systemd/system/studio-stats.service');
  expect(fresh(answers)).toContain(' | harmless unit /etc/systemd/system/studio-stats.service | put ');
});

test('what a run asks about first is refused, and what was judged is named by its digest', () => {
  const unit = (name: string, more: Partial<Change>): Planned => {
    const node = graph.find(({ operation }) => operation.id === `configuration-files/${name}`);
    if (node === undefined) throw new TypeError(name);
    const sha256 = name === 'studio.service' ? 'a'.repeat(64) : 'b'.repeat(64);
    const judged = [{ path: `/etc/systemd/system/${name}`, sha256 }];
    const change: Change = { kind: 'create', summary: '', shell: [], judged, apply: async () => {}, ...more };
    return { node, observation: change };
  };
  const path = '/etc/systemd/system/studio-stats.service';
  const conflict = { path, diff: '', doubts: ["User=o'root"] };
  const planned = [unit('studio.service', {}), unit('studio-stats.service', { conflict })];
  const script = scriptOf({ nodes: graph, planned }, sections, answers);
  expect(script).toContain(`\n  [/etc/systemd/system/studio.service]=${'a'.repeat(64)}\n`);
  expect(script).toMatch(
    /\nstep \S+studio-stats\.service\nfail '\S+studio-stats\.service would come from the checkout, .*User=o'\\''root\. Nothing was installed\. .*--overwrite \S+'\n/,
  );
  expect(script).not.toContain(`from_repository ${path}`);
  expect(script).not.toContain('b'.repeat(64));
});

test('a backend of e-mail is not set for keys that the host has already', () => {
  const given = (source: 'file' | 'host') =>
    answers.with('mailgun.api-key', new Secret('made-up-mail'), source);
  expect(fresh(given('file'))).toContain('  setting mailgun text EMAIL_BACKEND ');
  expect(fresh(given('host'))).not.toContain('text EMAIL_BACKEND');
});

test('a cluster of PostgreSQL is named by the folder of its socket too', () => {
  const script = fresh(
    answers.with('database.host', "/run/o'neill", 'file').with('database.port', '5433', 'file'),
  );
  for (const program of ['pg_isready', 'psql --no-psqlrc', 'createdb'])
    expect(script).toContain(`apart postgres ${program} --host '/run/o'\\''neill' --port 5433 `.trimEnd());
});

test('of one section it needs the answers of that section only', () => {
  const nodes = graph.filter(({ section }) => section.id === 'database');
  const own = sections.filter(({ id }) => id === 'database');
  const later = { later: 'needs everything', summary: '', shell: [] };
  const planned = nodes.map((node): Planned => ({ node, observation: later }));
  const script = scriptOf({ nodes, planned }, own, exampleAnswers(own));
  expect(script).toContain("step 'role studio'");
  expect(script).not.toContain('https://');
});

test('former names end it, rather than be lost', () => {
  expect(fresh(answers.with('redirect-names', ['old.example.org'], 'file'))).toContain(
    "\nfail 'Former names (old.example.org) need a run: studio-setup run certificate'\n",
  );
});

function quoted(title: string): string {
  return /^[\w@%+=:,./-]+$/.test(title) ? title : `'${title.replaceAll("'", `'\\''`)}'`;
}
