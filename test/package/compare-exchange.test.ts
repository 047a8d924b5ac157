import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareExchange } from '../../scripts/compare-exchange.ts';
import { must } from '../rehearsal/process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-exchange-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the bytes are what the assembler makes of the instructions written beside them', async () => {
  const source = await readFile(join(import.meta.dirname, '../../scripts/compare-exchange.ts'), 'utf8');
  const lines = source.split('\n').flatMap((line) => /^ +'[0-9a-f ]+', \/\/ (.*)$/.exec(line)?.[1] ?? []);
  expect(lines.length).toBeGreaterThan(5);
  const [object, code] = [join(folder, 'code.o'), join(folder, 'code')];
  await must(['as', '--64', '-o', object], { input: ['.intel_syntax noprefix', ...lines, ''].join('\n') });
  await must(['objcopy', '-O', 'binary', '--only-section=.text', object, code]);
  expect(compareExchange.toString('hex')).toBe((await readFile(code)).toString('hex'));
});

test('it keeps the contract of the function, and loses nothing when threads race for one object', async () => {
  const [program, code] = [join(folder, 'hammer'), join(folder, 'hammered')];
  await writeFile(code, compareExchange);
  await must(['gcc', '-O2', '-pthread', '-o', program, join(import.meta.dirname, 'hammer.c')]);
  expect(await must([program, code])).toBe('2000000\n');
}, 60_000);
