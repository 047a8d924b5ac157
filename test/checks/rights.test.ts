import { describe, expect, test } from 'vitest';
import type { Check, CheckResult } from '../../src/checks/check.ts';
import { rootsFilesAreClosed, siteCanWork } from '../../src/checks/rights.ts';
import { secretsAreClosed } from '../../src/checks/secrets.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import type { ProgramResult } from '../../src/host/host.ts';
import {
  CHECKOUT,
  CONFIG,
  MEILISEARCH_KEY_FILE,
  RENEWAL_HOOK,
  SERVICE_UNITS,
  SETTINGS,
  TASK_UNITS,
  UNITS,
  UWSGI_INI,
  VENV,
  WWW,
} from '../../src/site/layout.ts';
import { sections } from '../../steps/index.ts';
import { given } from '../host/given.ts';

const answers = exampleAnswers(sections);
const operations = new Set(graphOf(sections, answers).map(({ operation }) => operation.id));

function checked(check: Check, find: string | Partial<ProgramResult>): Promise<CheckResult> {
  const files = { [SETTINGS]: '', [MEILISEARCH_KEY_FILE]: '', [`${CHECKOUT}/manage.py`]: '' };
  return check.run(given({ files, programs: { find, 'systemctl show': '' } }), answers);
}

describe('what can be written of what root reads', () => {
  test.each([
    ...[...Object.values(SERVICE_UNITS), ...TASK_UNITS].map((name) => `${UNITS}/${name}`),
    RENEWAL_HOOK,
    MEILISEARCH_KEY_FILE,
    '/etc/cron.d/of-another',
    '/etc/studio.service',
  ])('%s is fixed by an operation that there is, or by a person', async (file) => {
    const { ok, said, fixes = [] } = await checked(rootsFilesAreClosed, `${file}\0`);
    expect([ok, said]).toEqual([false, expect.stringContaining(file)]);
    expect(fixes.filter((fix) => !operations.has(fix))).toEqual([]);
    const declared = (fix: string) =>
      rootsFilesAreClosed.fixes.some((each) => fix === each || fix.startsWith(`${each}/`));
    expect(fixes.filter((fix) => !declared(fix))).toEqual([]);
    const own = file.startsWith(UNITS)
      ? !file.endsWith('/nginx.service')
      : [RENEWAL_HOOK, MEILISEARCH_KEY_FILE].includes(file);
    expect(fixes.length > 0).toBe(own);
  });
});

describe('files of other accounts', () => {
  const VENV_FILE = `${VENV}/bin/python`;
  const files = { [SETTINGS]: '', [VENV_FILE]: '', [UWSGI_INI]: '' };
  const state = (media: string) => `\n@@${JSON.stringify({ media })}`;
  const looked = (foreign: string, find: string, media: string) =>
    siteCanWork.run(
      given({
        files,
        programs: {
          find: '',
          [`find ${find} ( ! -user`]: `${foreign}\n`,
          'find /var/www/blender-studio/studio/settings.py': [...Object.keys(files), ...[WWW, CHECKOUT, VENV]]
            .flatMap((each) => ['readable', 'writable', 'executable'].map((right) => `${right} ${each}\0`))
            .join(''),
          [`${VENV}/bin/python -`]: state(media),
          'systemctl show': '',
        },
      }),
      answers,
    );

  test.each([
    ['the checkout, whose uploads are skipped', `${CHECKOUT} -path ${CHECKOUT}/public/media -prune -o`],
    ['the configuration and the virtualenv', `${CONFIG} ${VENV}`],
  ])('are found in %s', async (_, find) => {
    const { said } = await looked(`${CHECKOUT}/of-root`, find, `${CHECKOUT}/public/media`);
    expect(said).toBe(`${CHECKOUT}/of-root belongs to another account`);
  });
});

describe.each([rootsFilesAreClosed, siteCanWork, secretsAreClosed])('$id', (check) => {
  test.each([{ code: 124 }, { code: 127, stderr: 'spawn find ENOMEM' }, { code: 137 }])(
    'is not fine when nobody could look: %o',
    async (find) => {
      await expect(checked(check, find)).rejects.toThrow(
        /could not be checked: (find ended with|spawn find)/,
      );
    },
  );

  // find(1): "exits with status 0 if all files are processed successfully, greater than 0 if errors occur".
  test('is told where an account may not enter a folder', async () => {
    const looked = await checked(check, { code: 1, stderr: 'find: ‘/etc/ssl/private’: Permission denied\n' });
    expect(typeof looked.ok).toBe('boolean');
  });
});
