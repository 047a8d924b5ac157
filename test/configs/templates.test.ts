import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { iniValue } from '../../src/configs/ini.ts';
import { foreignNames, studioVhost } from '../../src/configs/nginx/vhost.ts';
import { execStartProgram } from '../../src/configs/service.ts';
import { type DeployAnswers, deployFiles } from '../../src/configs/templates.ts';
import { unitValues } from '../../src/configs/unit.ts';
import { deployPaths, readTemplates, template } from '../../templates/index.ts';

const ANSWERS: DeployAnswers = {
  domain: 'studio.example.org',
  extraNames: ['films.example.net'],
  uwsgiPlugin: 'python311',
  meilisearchBinary: '/usr/local/bin/meilisearch',
  meilisearchEnvironment: '/etc/studio-setup/meilisearch.env',
};
const files = new Map<string, string>(deployFiles(ANSWERS).map(({ path, content }) => [path, content]));

function content(path: string): string {
  return files.get(path) ?? '';
}

describe('templates', () => {
  test('are exactly the files in the folder', () => {
    const folder = fileURLToPath(new URL('../../templates', import.meta.url));
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile() && !path.endsWith('.ts'))
      .map((path) => relative(folder, join(folder, path)));
    expect(found.sort()).toEqual(Object.keys(readTemplates()).sort());
  });

  test("filled, have no holes and nobody else's names", () => {
    expect([...files.keys()]).toEqual([...deployPaths]);
    for (const text of files.values()) {
      expect(text).not.toMatch(/\{\{|\}\}|blender\.org|CHANGE_ME/);
      expect(text.endsWith('\n')).toBe(true);
    }
    expect(
      foreignNames(content('var/www/config/nginx_studio.conf'), ['studio.example.org', 'films.example.net']),
    ).toEqual([]);
  });

  test("the vhost is what studioVhost makes of a repository's, so that both can be kept up the same way", () => {
    const vhost = content('var/www/config/nginx_studio.conf');
    expect(studioVhost(vhost, ANSWERS)).toBe(vhost);
    expect(vhost).toContain(template('snippets/tls.conf').replaceAll(/^(?=.)/gm, '    '));
  });

  test('every timer is wanted by timers.target and has its service', () => {
    const timers = [...files.keys()].filter((path) => path.endsWith('.timer'));
    expect(timers).toHaveLength(5);
    for (const path of timers) {
      expect(unitValues(content(path), 'Install', 'WantedBy')).toEqual(['timers.target']);
      expect(unitValues(content(path.replace(/timer$/, 'service')), 'Service', 'Type')).toEqual(['oneshot']);
    }
  });

  test('hold what they were given', () => {
    expect(iniValue(content('var/www/config/uwsgi_studio.ini'), 'plugin')).toBe('python311');
    const unit = content('etc/systemd/system/meilisearch.service');
    expect(execStartProgram(unit)).toBe('/usr/local/bin/meilisearch');
    expect(unitValues(unit, 'Service', 'EnvironmentFile')).toEqual(['/etc/studio-setup/meilisearch.env']);
  });

  test.each<Partial<DeployAnswers>>([
    { domain: 'a.org; }' },
    { meilisearchBinary: '/a b' },
    { meilisearchEnvironment: '/a\nUser=root' },
    { uwsgiPlugin: 'python3\nexec-asap = x' },
  ])('refuse %j', (answers) => {
    expect(() => deployFiles({ ...ANSWERS, ...answers })).toThrow();
  });
});
