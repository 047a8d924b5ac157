import type { Segment } from './elf.ts';

/**
 * What takes the place of libatomic's `bool __atomic_compare_exchange(size_t size, void *object, void *expected,
 * void *desired, int success, int failure)`, for objects of 8 bytes. Arguments come in rdi, rsi, rdx, rcx, r8d, r9d
 * (System V ABI for AMD64). The memory orders need no look: a locked instruction is the strongest of them.
 * Any other size stops the program: an exchange that is not atomic would show only as a rare wrong value.
 */
export const compareExchange = Buffer.from(
  [
    '48 83 ff 08', //        cmp  rdi, 8
    '75 14', //              jne  unknown
    '48 8b 02', //           mov  rax, [rdx]
    '48 8b 09', //           mov  rcx, [rcx]
    'f0 48 0f b1 0e', //     lock cmpxchg [rsi], rcx
    '74 03', //              je   done
    '48 89 02', //           mov  [rdx], rax
    '0f 94 c0', //     done: sete al
    'c3', //                 ret
    '0f 0b', //     unknown: ud2
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

/**
 * Where the code calls the function whose address is in `slot`, an address: offsets of the call instructions in the file.
 * Such a call goes through an entry of the procedure linkage table, which is a jump through the slot.
 */
export function callsThrough(elf: Buffer, text: Segment, slot: number): number[] {
  const end = text.offset + text.fileSize;
  const toAddress = text.address - text.offset;
  let entry = elf.indexOf('ff25', text.offset, 'hex'); // jmp [rip + distance]
  while (entry >= 0 && entry + 6 + toAddress + elf.readInt32LE(entry + 2) !== slot) {
    entry = elf.indexOf('ff25', entry + 1, 'hex');
  }
  const calls: number[] = [];
  for (let call = text.offset; call < end - 5; call++) {
    // call distance
    if (elf[call] === 0xe8 && call + 5 + elf.readInt32LE(call + 1) === entry) calls.push(call);
  }
  return calls;
}

/** Whether the compiler put 8 into the first argument (`mov edi, 8`) shortly before a call. */
export function isForEightBytes(elf: Buffer, call: number): boolean {
  return elf.subarray(call - 48, call).includes('bf08000000', 0, 'hex');
}
