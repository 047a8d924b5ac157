import { expect, it } from 'vitest';
import { disk } from '../../src/checks/machine.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { given } from '../host/given.ts';

const found = (...rows: readonly string[]) =>
  disk.run(
    given({ programs: { 'df ': `Avail  Inodes  IFree Mounted on\n${rows.join('\n')}\n` } }),
    exampleAnswers([]),
  );

it.each([
  [' 9000M 1000 900 /', ' 2411M 1000 900 /tmp', true, '2411 MB are free on /tmp, the least of'],
  [' 9000M 1000 900 /', ' 12M 1000 900 /var', false, 'Only 12 MB are free on /var.'],
  [' 9000M 0 0 /', ' 9001M 1000 1 /srv', false, 'Only 1 inodes are free on /srv.'],
])('names the file system that has the least room: %s, %s', async (one, other, ok, said) => {
  expect(await found(one, other)).toMatchObject({ ok, said: expect.stringContaining(said) });
});
