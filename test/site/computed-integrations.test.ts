import { expect, it } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { parseSettings } from '../../src/python/settings-file.ts';
import { integrations, withIntegrations } from '../../src/site/integrations.ts';
import { SETTINGS, SETTINGS_EXAMPLE } from '../../src/site/layout.ts';
import { given } from '../host/given.ts';

const EXAMPLE = `COCONUT_API_KEY = 'CHANGE_ME'\nMAILGUN_API_KEY = 'CHANGE_ME'\n`;
const question = (id: string) =>
  integrations.map((each) => each.question).find((each) => each.id === id) ?? expect.unreachable();

it.each([
  ['the environment', "COCONUT_API_KEY = os.environ['COCONUT']\n"],
  ['a file', "COCONUT_API_KEY = open('/srv/coconut').read()\n"],
  ['a block', "if True:\n    COCONUT_API_KEY = 'sample-coconut-key'\n"],
  ['another setting', "SHARED = 'sample-coconut-key'\nCOCONUT_API_KEY = SHARED\n"],
])("an integration's value from %s is not asked for, and stays as it is written", async (_, settings) => {
  const host = given({ files: { [SETTINGS]: settings, [SETTINGS_EXAMPLE]: EXAMPLE } });
  const { current, alreadyOnHost } = question('coconut.api-key');
  expect(await alreadyOnHost?.(host)).toBe(true);
  expect(await current?.(host)).toBeUndefined();
  expect(withIntegrations(parseSettings(settings), new Answers()).source).toBe(settings);
});

it.each([
  ['a placeholder', EXAMPLE],
  ['a plain value', "COCONUT_API_KEY = 'sample-coconut-key'\n"],
  ['nothing', 'DEBUG = False\n'],
])('%s is not computed', async (_, settings) => {
  const host = given({ files: { [SETTINGS]: settings, [SETTINGS_EXAMPLE]: EXAMPLE } });
  expect(await question('coconut.api-key').alreadyOnHost?.(host)).toBe(false);
});

it('a secret is not asked for again where settings.py is no Python: it may stand in it', async () => {
  const host = given({ files: { [SETTINGS]: 'DEBUG = = False\n', [SETTINGS_EXAMPLE]: EXAMPLE } });
  expect(await question('coconut.api-key').alreadyOnHost?.(host)).toBe(true);
  expect(await question('coconut.hostname').alreadyOnHost?.(host)).toBe(false);
});
