/**
 * The few parts of an ELF executable that the packaging has to read and change. Layouts are those of the System V gABI
 * ("Object Files", "Program Loading and Dynamic Linking") and, for symbol versions, of the Linux Standard Base.
 * Every offset is one in the file, every address one in the memory of the process, both in bytes.
 */

/** A program header: what part of the file goes where in memory. */
export interface Segment {
  /** Where the program header itself is. */
  readonly header: number;
  readonly type: number;
  readonly executable: boolean;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
}

/** An entry of the dynamic section, which the loader of shared libraries reads. */
export interface DynamicEntry {
  /** Where the entry is: 16 bytes, the tag and the value. */
  readonly offset: number;
  readonly tag: number;
  readonly value: number;
}

export const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PF_X = 1;
const DT_NULL = 0;
const DT_STRTAB = 5;

export function readWord(elf: Buffer, offset: number): number {
  return Number(elf.readBigUInt64LE(offset));
}

export function writeWord(elf: Buffer, offset: number, value: number): void {
  elf.writeBigUInt64LE(BigInt(value), offset);
}

/** Whether the file is a 64-bit x86 program that is loaded at the very addresses that it names, as Node for Linux is. */
export function isFixedX64Executable(elf: Buffer): boolean {
  const [ET_EXEC, EM_X86_64] = [2, 62];
  const little64 = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  if (elf.length < 64 || !elf.subarray(0, 6).equals(little64)) return false;
  return elf.readUInt16LE(16) === ET_EXEC && elf.readUInt16LE(18) === EM_X86_64;
}

export function segments(elf: Buffer): Segment[] {
  const [table, size, count] = [readWord(elf, 32), elf.readUInt16LE(54), elf.readUInt16LE(56)];
  return Array.from({ length: count }, (_, index) => {
    const header = table + index * size;
    return {
      header,
      type: elf.readUInt32LE(header),
      executable: (elf.readUInt32LE(header + 4) & PF_X) !== 0,
      offset: readWord(elf, header + 8),
      address: readWord(elf, header + 16),
      fileSize: readWord(elf, header + 32),
      memorySize: readWord(elf, header + 40),
    };
  });
}

/** Sets how many bytes of the file a segment takes into memory. */
export function resize(elf: Buffer, segment: Segment, size: number): void {
  writeWord(elf, segment.header + 32, size);
  writeWord(elf, segment.header + 40, size);
}

/** @throws {Error} when nothing of the file is at that address. */
export function offsetOf(elf: Buffer, address: number): number {
  for (const segment of segments(elf)) {
    const within = address - segment.address;
    if (segment.type === PT_LOAD && within >= 0 && within < segment.fileSize) return segment.offset + within;
  }
  throw new Error(`no part of the file is loaded at 0x${address.toString(16)}`);
}

/** The entries of the dynamic section without the empty one that ends it; none when the program is a static one. */
export function dynamicEntries(elf: Buffer): DynamicEntry[] {
  const entries: DynamicEntry[] = [];
  const start = segments(elf).find(({ type }) => type === PT_DYNAMIC)?.offset;
  for (let offset = start ?? elf.length; offset < elf.length; offset += 16) {
    const tag = readWord(elf, offset);
    if (tag === DT_NULL) break;
    entries.push({ offset, tag, value: readWord(elf, offset + 8) });
  }
  return entries;
}

/** @throws {Error} when the dynamic section lacks the entry. */
export function dynamicEntry(elf: Buffer, tag: number): DynamicEntry {
  const entry = dynamicEntries(elf).find((candidate) => candidate.tag === tag);
  if (entry === undefined) throw new Error(`the dynamic section has no entry 0x${tag.toString(16)}`);
  return entry;
}

/** The string at an index of the dynamic string table. */
export function dynamicString(elf: Buffer, index: number): string {
  const start = offsetOf(elf, dynamicEntry(elf, DT_STRTAB).value) + index;
  return elf.toString('latin1', start, elf.indexOf(0, start));
}
