import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Answers } from '../../src/answers/answers.ts';
import { setPythonPlugin } from '../../src/configs/ini.ts';
import { meilisearchUnit } from '../../src/configs/meilisearch.ts';
import { timerTarget } from '../../src/configs/timer.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { functionsFor } from '../../src/script/functions.ts';
import { recipeOf } from '../../src/script/recipes.ts';
import { MEILISEARCH_KEY_FILE, TIMERS } from '../../src/site/layout.ts';
import { isAtLeast, wantedProgram } from '../../src/site/meilisearch.ts';
import { sections } from '../../steps/index.ts';

const deploy = join(import.meta.dirname, '../rehearsal/site/deploy');
const answers = exampleAnswers(sections);

/** What the recipe would put into the file; the checkout is the stand-in's, and what is put is printed. */
function made(id: string, given: Answers): string {
  const lines = recipeOf(id, given) ?? [];
  const script = [
    'set -euo pipefail',
    ...functionsFor(lines),
    `from_repository() { cat -- ${JSON.stringify(deploy)}"$1"; }`,
    'put() { cat; }',
    'uwsgi_plugin() { echo python311; }',
    ...lines,
  ];
  return execFileSync('bash', ['-c', script.join('\n')], { encoding: 'utf8' });
}

function source(path: string): string {
  return readFileSync(join(deploy, path), 'utf8');
}

describe('an exported script changes as the product does', () => {
  test.each(['0.24.0', '0.25.2', '0.30.5', '1.50.0'])('meilisearch.service for %s', (version) => {
    const unit = source('etc/systemd/system/meilisearch.service');
    const dsn = 'https://made-up@sentry.example.org/1';
    const options = {
      environmentFile: MEILISEARCH_KEY_FILE,
      noAnalyticsByEnvironment: isAtLeast(version, '1.0.0'),
      binary: wantedProgram(unit, version),
    };
    const plain = answers.with('meilisearch.version', version, 'file');
    const without = plain.with('meilisearch.sentry-dsn', false, 'file');
    expect(made('meilisearch/unit', without)).toBe(meilisearchUnit(unit, options));
    expect(made('meilisearch/unit', plain.with('meilisearch.sentry-dsn', dsn, 'file'))).toBe(
      meilisearchUnit(unit, { ...options, sentryDsn: dsn }),
    );
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
