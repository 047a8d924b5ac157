import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { productVersion } from '../../src/app/version.ts';
import { commandsOf, filesOf } from '../install/page.ts';

const collection = (file: string) => readFile(path.join(import.meta.dirname, '../../ansible', file), 'utf8');

test('the Ansible collection has the version of the release that it comes with, and its changelog knows it', async () => {
  expect(parse(await collection('galaxy.yml')).version).toBe(productVersion());
  expect(/^## (.*)$/m.exec(await collection('CHANGELOG.md'))?.[1]).toBe(productVersion());
  const [install] = await commandsOf('ansible.md');
  expect(install).toContain(`blender_studio-studio_setup-${productVersion()}.tar.gz`);
  expect((await filesOf('ansible.md')).get('group_vars/studio/main.yml')).toContain(
    `studio-setup_${productVersion()}-1_amd64.deb`,
  );
});

test('it comes under the license of the project', async () => {
  expect(await collection('LICENSE')).toBe(await collection('../LICENSE'));
  expect(parse(await collection('galaxy.yml')).license).toEqual(['MIT']);
});

test('what the role takes has the same names and defaults everywhere', async () => {
  const role = (file: string) => collection(`roles/studio_setup/${file}`).then(parse);
  const defaults: Record<string, unknown> = await role('defaults/main.yml');
  const { main, update } = (await role('meta/argument_specs.yml')).argument_specs;
  const options: Record<string, { default?: unknown }> = { ...main.options, ...update.options };
  const withDefault = Object.entries(options).flatMap(([name, option]) =>
    'default' in option ? [[name, option.default]] : [],
  );
  expect(defaults).toEqual(Object.fromEntries(withDefault));
});
