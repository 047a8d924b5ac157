import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Planted, writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { faults } from './faults/site.ts';
import { trial } from './faults/trial.ts';
import { shell } from './operator.ts';
import { givenAway, namesIn } from './secrets.ts';

// One host, installed once; each fault is fixed before the next comes.
let host: Rehearsal;
let planted: readonly Planted[];

beforeAll(async () => {
  host = await startRehearsal();
  planted = await writeAnswers(host);
  await installProduct(host, console.log);
  console.log(await new Operator(host).run());
});
afterAll(() => host?.stop());

describe('a fault of the settings, the database, the search, rights, or the machine', () => {
  test.each(faults)('$name', (fault) => trial(host, fault));
});

test('fixing shows no secret, and leaves none in the logs', async () => {
  const secrets = givenAway(planted);
  const settings = '/var/www/blender-studio/studio/settings.py';
  await host.exec(['sed', '-i', 's/^DEBUG = False/DEBUG = True/', settings]);
  await host.exec(['chmod', '644', settings]);
  const { code, stdout, stderr } = await host.exec(['studio-setup', 'doctor', '--fix', '--yes']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/DEBUG is on/);
  expect(stdout).toMatch(/All checks passed: /);
  expect(namesIn(`${stdout}${stderr}`, secrets)).toEqual([]);
  expect(namesIn(await shell(host, 'cat /var/log/studio-setup/*'), secrets)).toEqual([]);
});
