import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isLater } from '../../src/engine/operation.ts';
import { ownedBy } from '../../src/operations/ownership.ts';
import { temporaryHost } from '../host/temporary.ts';

const [LONGEST_NAME, DEEP, FILES] = [250, 12, 3500];

it('a tree of which more is wrong than is kept of one answer is corrected as a whole', async () => {
  using here = temporaryHost();
  chmodSync(here.folder, 0o755);
  const tree = path.join(here.folder, 'tree');
  const deep = path.join(tree, ...Array.from({ length: DEEP }, () => 'd'.repeat(LONGEST_NAME)));
  mkdirSync(deep, { recursive: true });
  const files = Array.from({ length: FILES }, (_, index) => path.join(deep, String(index)));
  for (const file of files) writeFileSync(file, '');
  // Their paths alone are longer than what is kept of a program's answer.
  expect(files.join('').length).toBeGreaterThan(8 * 1024 * 1024);
  chownSync(tree, 33, 33);

  const operation = ownedBy('www-data', 'www-data', { id: 'ownership/tree', path: tree });
  const change = await operation.observe(here.host);
  if (change === undefined || isLater(change)) throw new Error('nothing is wrong');
  await change.apply(here.live);
  here.host.forget();
  expect(await operation.observe(here.host)).toBeUndefined();
  expect(new Set(files.map((file) => statSync(file).uid))).toEqual(new Set([33]));
});
