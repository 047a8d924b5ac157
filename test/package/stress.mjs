// Runs under a patched Node: several threads make and drop functions, and WebAssembly modules with tables, while the garbage
// collector runs. Each result is checked; prints how many there were.
import { isMainThread, Worker } from 'node:worker_threads';

const threads = 4;
const functions = 25_000;
const modules = 100;

/**
 * (import "m" "f" (func (param i32) (result i32)))
 * (func $double (param i32) (result i32) local.get 0 local.get 0 i32.add)
 * (func (export "call") (param i32 i32) (result i32) local.get 1 local.get 0 call_indirect)
 * (table (export "table") 2 funcref) (elem (i32.const 0) $f $double)
 */
const wasm = Buffer.from(
  [
    '0061736d 01000000',
    '01 0c 02 60017f017f 60027f7f017f',
    '02 07 01 016d 0166 0000',
    '03 03 02 00 01',
    '04 04 01 700002',
    '07 10 02 0463616c6c 0002 057461626c65 0100',
    '09 08 01 0041000b 02 00 01',
    '0a 13 02 07 00 2000 2000 6a 0b 09 00 2001 2000 110000 0b',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

/** The module with a custom section that tells it from every other, because V8 shares the code of equal modules. */
function distinct(number) {
  const section = Buffer.from([0, 6, 1, 0x6e, 0, 0, 0, 0]);
  section.writeUInt32LE(number, 4);
  return Buffer.concat([wasm, section]);
}

async function work() {
  let checked = 0;
  const expect = (value, wanted) => {
    if (value !== wanted) throw new Error(`${value} instead of ${wanted}`);
    checked++;
  };
  const kept = [];
  for (let i = 0; i < functions; i++) {
    const add = new Function('x', `const f = (y) => y + ${i}; return f(x) + ((z) => z)(1);`);
    expect(add(2), i + 3);
    // Some live on for a while, so that the free entries of V8's table lie scattered.
    kept[i % 1000] = i % 3 === 0 ? add : undefined;
    if (i % 10_000 === 0) gc();
  }
  for (let i = 0; i < modules; i++) {
    const { instance } = await WebAssembly.instantiate(distinct(i), { m: { f: (x) => x - i } });
    const { call, table } = instance.exports;
    expect(call(0, 50), 50 - i);
    expect(call(1, 21), 42);
    table.set(0, table.get(1));
    expect(call(0, i), 2 * i);
    if (i % 50 === 0) gc();
  }
  return checked;
}

if (isMainThread) {
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url)));
  const counts = workers.map(
    (worker) =>
      new Promise((resolve, reject) => {
        worker.on('message', resolve);
        worker.on('error', reject);
      }),
  );
  const total = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  console.log(total);
} else {
  const { parentPort } = await import('node:worker_threads');
  parentPort.postMessage(await work());
}
