import { callsThrough, compareExchange, isForEightBytes } from './compare-exchange.ts';
import {
  type DynamicEntry,
  dynamicEntries,
  dynamicEntry,
  dynamicString,
  isFixedX64Executable,
  offsetOf,
  PT_LOAD,
  readWord,
  resize,
  type Segment,
  segments,
  writeWord,
} from './elf.ts';

const library = 'libatomic.so.1';
const symbol = '__atomic_compare_exchange';
const DT_VERNEED = 0x6ffffffe;

/**
 * Makes an executable of Node for 64-bit x86 start where libatomic1 is not installed. Official Node from version 25 on is
 * linked against it for one function, and a bare Debian or Ubuntu server does not have it. Changes `elf` in place, and
 * nothing of it when one of the assumptions does not hold; an executable without libatomic is left as it is.
 * @throws {Error} that names the assumption.
 */
export function withoutLibatomic(elf: Buffer): void {
  const DT_VERNEEDNUM = 0x6fffffff;
  check(isFixedX64Executable(elf), 'it is not an x86-64 executable with fixed addresses');
  const needed = findNeeded(elf);
  if (needed === undefined) return;
  const { previous, record, next, version } = findVersion(elf);
  const relocation = findRelocation(elf, version);
  const slot = readWord(elf, relocation);
  const text = textSegment(elf);
  const calls = callsThrough(elf, text, slot);
  check(calls.length > 0, `it never calls ${symbol}`);
  check(
    calls.every((call) => isForEightBytes(elf, call)),
    `it calls ${symbol} for another size`,
  );
  const place = placeAfter(elf, text);
  const slotOffset = offsetOf(elf, slot);
  const chain = dynamicEntry(elf, DT_VERNEED);
  const count = dynamicEntry(elf, DT_VERNEEDNUM);

  // All is found: from here on the file changes.
  compareExchange.copy(elf, place);
  resize(elf, text, place + compareExchange.length - text.offset);
  // The loader takes the slot as it finds it in the file: the relocation that would look the function up becomes none.
  writeWord(elf, slotOffset, text.address + place - text.offset);
  writeWord(elf, relocation + 8, 0);
  if (previous === undefined) writeWord(elf, chain.offset + 8, chain.value + next);
  else elf.writeUInt32LE(next === 0 ? 0 : record - previous + next, previous + 12);
  writeWord(elf, count.offset + 8, count.value - 1);
  // Last, because it moves the entries after it: the empty one at the end of the section comes with them.
  const end = (dynamicEntries(elf).at(-1)?.offset ?? 0) + 32;
  elf.copyWithin(needed.offset, needed.offset + 16, end);
}

function findNeeded(elf: Buffer): DynamicEntry | undefined {
  const DT_NEEDED = 1;
  return dynamicEntries(elf).find(
    ({ tag, value }) => tag === DT_NEEDED && dynamicString(elf, value) === library,
  );
}

/** The library's record in the chain of needed versions: without it the loader would still ask for the library. */
function findVersion(elf: Buffer) {
  let previous: number | undefined;
  let record = offsetOf(elf, dynamicEntry(elf, DT_VERNEED).value);
  for (;;) {
    const next = elf.readUInt32LE(record + 12);
    if (dynamicString(elf, elf.readUInt32LE(record + 4)) === library) {
      check(elf.readUInt16LE(record + 2) === 1, `it wants more than one version of ${library}`);
      check(previous !== undefined || next !== 0, `it names versions of ${library} only`);
      const version = elf.readUInt16LE(record + elf.readUInt32LE(record + 8) + 6);
      return { previous, record, next, version };
    }
    check(next !== 0, `it names no version of ${library}`);
    previous = record;
    record += next;
  }
}

/** The one relocation, in the file, whose symbol is of the library's version. */
function findRelocation(elf: Buffer, version: number): number {
  const [DT_PLTRELSZ, DT_SYMTAB, DT_RELA, DT_RELASZ, DT_JMPREL, DT_FLAGS, DT_VERSYM] = [
    2, 6, 7, 8, 23, 30, 0x6ffffff0,
  ];
  const [R_X86_64_JUMP_SLOT, DF_BIND_NOW] = [7, 8];
  const value = (tag: number) => dynamicEntry(elf, tag).value;
  // A loader that binds late does not know the empty relocation.
  check((value(DT_FLAGS) & DF_BIND_NOW) !== 0, 'its functions are not all bound at its start');
  const [symbols, versions] = [offsetOf(elf, value(DT_SYMTAB)), offsetOf(elf, value(DT_VERSYM))];
  const found: number[] = [];
  for (const [table, size] of [
    [DT_RELA, DT_RELASZ],
    [DT_JMPREL, DT_PLTRELSZ],
  ] as const) {
    const start = offsetOf(elf, value(table));
    for (let at = start; at < start + value(size); at += 24) {
      const index = elf.readUInt32LE(at + 12);
      if ((elf.readUInt16LE(versions + 2 * index) & 0x7fff) === version) found.push(at);
    }
  }
  const [relocation, ...others] = found;
  check(relocation !== undefined && others.length === 0, `it does not use ${library} in exactly one place`);
  const name = dynamicString(elf, elf.readUInt32LE(symbols + 24 * elf.readUInt32LE(relocation + 12)));
  const type = elf.readUInt32LE(relocation + 8);
  check(name === symbol && type === R_X86_64_JUMP_SLOT, `it uses ${name} of ${library}`);
  return relocation;
}

function textSegment(elf: Buffer): Segment {
  const [text, ...others] = segments(elf).filter(({ type, executable }) => type === PT_LOAD && executable);
  check(text !== undefined && others.length === 0, 'it has not exactly one executable segment');
  check(text.fileSize === text.memorySize, 'its executable segment is not whole in the file');
  return text;
}

/** Room between the end of the code and the end of its last page, which is in memory, executable and empty already. */
function placeAfter(elf: Buffer, text: Segment): number {
  const [page, alignment] = [4096, 16];
  const end = text.offset + text.fileSize;
  const place = Math.ceil(end / alignment) * alignment;
  const pageEnd = Math.ceil(end / page) * page;
  const empty = elf.subarray(end, pageEnd).every((byte) => byte === 0);
  const [from, to] = [text.address + text.fileSize, text.address + pageEnd - text.offset];
  const foreign = segments(elf).some(
    ({ offset, fileSize, address, memorySize }) =>
      (offset < pageEnd && offset + fileSize > end) || (address < to && address + memorySize > from),
  );
  const room = place + compareExchange.length <= pageEnd && empty && !foreign;
  check(room, 'the last page of its code has no empty room');
  return place;
}

function check(holds: boolean, assumption: string): asserts holds {
  if (holds) return;
  throw new Error(
    `${library} cannot be taken out of the executable: ${assumption}. ` +
      `Ship ${library} beside it then, or have libatomic1 installed on the host.`,
  );
}
