import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Answers } from '../../src/answers/answers.ts';
import { setPythonPlugin } from '../../src/configs/ini.ts';
import { meilisearchUnit } from '../../src/configs/meilisearch.ts';
import { timerTarget } from '../../src/configs/timer.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import { functionsFor } from '../../src/script/functions.ts';
import { TIMERS } from '../../src/site/layout.ts';
import { unitOptions } from '../../src/site/meilisearch-unit.ts';
import { sections } from '../../steps/index.ts';
import { MEILISEARCH_VERSIONS } from '../rehearsal/meilisearch/release.ts';

const deploy = join(import.meta.dirname, '../rehearsal/site/deploy');
const answers = exampleAnswers(sections);

/**
 * What the operation's lines would put into the file; the checkout is the stand-in's, and what is put is printed.
 * @param installed meilisearch.service as it is on the host
 */
function made(id: string, given: Answers, installed = ''): string {
  const lines = graphOf(sections, given).find(({ operation }) => operation.id === id)?.operation.script ?? [];
  const script = [
    'set -euo pipefail',
    ...functionsFor(lines),
    `from_repository() { cat -- ${JSON.stringify(deploy)}"$1"; }`,
    'put() { cat; }',
    'harmless() { cat; }',
    `installed_meilisearch() { cat <<'END'\n${installed}END\n}`,
    'uwsgi_plugin() { echo python311; }',
    ...lines,
  ];
  return execFileSync('bash', ['-c', script.join('\n')], { encoding: 'utf8' });
}

function source(path: string): string {
  return readFileSync(join(deploy, path), 'utf8');
}

describe('an exported script changes as the product does', () => {
  test.each(MEILISEARCH_VERSIONS)('meilisearch.service for %s', (version) => {
    const unit = source('etc/systemd/system/meilisearch.service');
    expect(made('meilisearch/unit', answers.with('meilisearch.version', version, 'file'))).toBe(
      meilisearchUnit(unit, unitOptions(unit, version)),
    );
  });

  test.each(['1.50.0', '0.27.2'])('meilisearch.service after an upgrade to %s', (version) => {
    const unit = source('etc/systemd/system/meilisearch.service');
    const upgraded = meilisearchUnit(unit, {
      ...unitOptions(unit, version),
      data: `/var/www/data.ms-${version}-2`,
    });
    const wanted = answers.with('meilisearch.version', version, 'file');
    expect(made('meilisearch/unit', wanted, upgraded)).toBe(upgraded);
  });

  test.each(TIMERS)('%s.timer', (name) => {
    const unit = source(`etc/systemd/system/${name}.timer`);
    expect(timerTarget(unit)).not.toBe(unit);
    expect(made(`configuration-files/${name}.timer`, answers)).toBe(timerTarget(unit));
  });

  test("uWSGI's plugin", () => {
    const ini = source('var/www/config/uwsgi_studio.ini');
    expect(made('uwsgi/uwsgi_studio.ini', answers)).toBe(setPythonPlugin(ini, 'python311'));
  });
});
