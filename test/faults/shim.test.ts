import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ERRORS, kindOf, Preload } from './preload.ts';

let preload: Preload;
let folder: string;
beforeAll(() => {
  preload = new Preload();
});
afterAll(() => preload.remove());
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'studio-setup-shim-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Functions of the C library that change files or start programs; nm(1) says which of them a program calls. */
const CHANGES =
  /^(f?open(64)?|freopen(64)?|openat(64)?|creat(64)?|opendir|scandir(64)?|write|writev|pwrite(64)?|pwritev2?(64)?|sendfile(64)?|copy_file_range|splice|f?truncate(64)?|(posix_)?fallocate(64)?|fsync|fdatasync|syncfs|rename(at2?)?|link(at)?|symlink(at)?|unlink(at)?|remove|rmdir|mkdir(at)?|mkdtemp|mko?stemp(s|64)?|mknod(at)?|mkfifo(at)?|f?chmod(at)?|lchmod|[fl]?chown|fchownat|l?utimes|futimes|utimensat|futimens|f?setxattr|exec\w+|fexecve|posix_spawnp?|syscall)$/;

function symbols(file: string, kind: 'U' | 'T'): readonly string[] {
  const lines = execFileSync('nm', ['-D', file], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split(
    '\n',
  );
  return lines.flatMap((line) => {
    const [, found, name = ''] = /(?:^|\s)([A-Za-z]) (\w+)/.exec(line) ?? [];
    return found === kind ? [name] : [];
  });
}

test('every function by which Node changes files or starts programs is heard', () => {
  const heard = symbols(preload.shim, 'T');
  const called = symbols(process.execPath, 'U').filter((name) => CHANGES.test(name));
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter((name) => !heard.includes(name))).toEqual([]);
});

// What the product's own scripts for another account start (WRITE_AS), and what it asks for a file.
test.each(['sh', 'cat', 'mv', 'rm', 'sync', 'chmod', 'mkdir', 'ln', 'find', 'base64', 'flock'])(
  'every function by which %s does is heard',
  (program) => {
    const file = realpathSync(execFileSync('which', [program], { encoding: 'utf8' }).trim());
    const heard = symbols(preload.shim, 'T');
    // Of what it prints and locks nothing is below the folder.
    const aside = ['freopen'];
    const called = symbols(file, 'U').filter((name) => CHANGES.test(name) && !aside.includes(name));
    expect(called.filter((name) => !heard.includes(name))).toEqual([]);
  },
);

/** JavaScript that does it to `f` in the folder, and the kind of call that it must be heard as. */
const CALLS: readonly (readonly [code: string, kind: string])[] = [
  ["fs.writeFileSync(at('f'), 'text')", 'open'],
  ["fs.writeFileSync(at('f'), 'text')", 'write'],
  ["await fs.promises.writeFile(at('f'), 'text')", 'write'],
  ["fs.appendFileSync(at('f'), 'text', { flush: true })", 'fsync'],
  ["fs.writevSync(fs.openSync(at('f'), 'w'), [Buffer.from('a'), Buffer.from('b')])", 'write'],
  ["fs.writeSync(fs.openSync(at('f'), 'w'), 'text', 1)", 'write'],
  ["await (await fs.promises.open(at('given'))).datasync()", 'fsync'],
  ["fs.renameSync(at('given'), at('f'))", 'rename'],
  ["await fs.promises.rename(at('given'), at('f'))", 'rename'],
  ["fs.copyFileSync(at('given'), at('f'))", 'write'],
  ["fs.linkSync(at('given'), at('f'))", 'link'],
  ["fs.symlinkSync('given', at('f'))", 'symlink'],
  ["fs.mkdirSync(at('f'))", 'mkdir'],
  ["fs.mkdirSync(at('f/g/h'), { recursive: true })", 'mkdir'],
  ["fs.mkdtempSync(at('f'))", 'mkdir'],
  ["fs.unlinkSync(at('given'))", 'unlink'],
  ["fs.rmSync(at('given'))", 'unlink'],
  ["fs.rmdirSync(at('empty'))", 'rmdir'],
  ["fs.rmSync(at('empty'), { recursive: true })", 'unlink'],
  ["fs.readdirSync(at('empty'))", 'open'],
  ["fs.readFileSync(at('given'))", 'open'],
  ["fs.truncateSync(at('given'), 1)", 'truncate'],
  ["fs.chmodSync(at('given'), 0o600)", 'chmod'],
  ["fs.fchmodSync(fs.openSync(at('given')), 0o600)", 'chmod'],
  ["fs.chownSync(at('given'), 0, 0)", 'chown'],
  ["fs.lchownSync(at('given'), 0, 0)", 'chown'],
  ["fs.utimesSync(at('given'), 0, 0)", 'utime'],
  // Through an open folder, as root does where another account may write.
  ["fs.writeFileSync('/proc/self/fd/' + fs.openSync(at('empty')) + '/f', 'text')", 'write'],
  ["fs.renameSync(at('given'), '/proc/self/fd/' + fs.openSync(at('empty')) + '/f')", 'rename'],
  [
    "await new Promise((end) => new worker.Worker('require(`fs`).mkdirSync(require(`worker_threads`).workerData)', { eval: true, workerData: at('f') }).on('error', (error) => { throw error }).on('exit', end))",
    'mkdir',
  ],
  ["const { error } = child.spawnSync('true'); if (error) throw error", 'exec'],
  // In a program that it starts, with an environment of its own and as another account.
  [
    "const { status } = child.spawnSync('touch', [at('f')], { env: { PATH: '/bin' } }); if (status) throw new Error('EIO')",
    'open',
  ],
  [
    "const { status } = child.spawnSync('sh', ['-c', 'echo x > ' + at('open/f')], { uid: 65534, env: {} }); if (status) throw new Error('EIO')",
    'write',
  ],
];

function program(code: string): readonly string[] {
  return [
    process.execPath,
    '-e',
    `const fs = require('fs'); const child = require('child_process'); const worker = require('worker_threads');
    const at = (name) => ${JSON.stringify(`${folder}/`)} + name;
    (async () => { ${code} })().catch((error) => { console.error(error.message); process.exitCode = 9; });`,
  ];
}

test.each(CALLS)('%s is heard as %s, and fails', async (code, kind) => {
  const given = () => {
    rmSync(folder, { recursive: true });
    for (const name of ['', 'empty', 'open']) execFileSync('mkdir', ['-p', path.join(folder, name)]);
    chmodSync(path.join(folder, 'open'), 0o777);
    chmodSync(folder, 0o755);
    writeFileSync(path.join(folder, 'given'), 'text');
  };
  given();
  const env = { PATH: process.env.PATH ?? '' };
  const whole = await preload.run(program(code), env, { below: folder });
  expect(whole).toMatchObject({ code: 0, said: '' });
  const call = whole.calls.findLast((each) => kindOf(each) === kind);
  expect(call).toBeDefined();
  given();
  const at = whole.calls.filter(({ name }) => name === call?.name).length;
  const fault = { name: call?.name ?? '', at, error: 'ENOSPC' } as const;
  const failed = await preload.run(program(code), env, { below: folder, fault });
  expect(failed.calls.filter((each) => each.failed)).toEqual([{ name: call?.name, failed: true }]);
  expect(failed.code).not.toBe(0);
});

test.each(ERRORS)('a write that fails with %s leaves half behind', async (error) => {
  const fault = { name: 'write /f', at: 1, error };
  const code = "fs.writeFileSync(at('f'), 'abcdefgh')";
  const end = await preload.run(program(code), {}, { below: folder, fault });
  expect(end.said).toContain(error);
  expect(execFileSync('cat', [path.join(folder, 'f')], { encoding: 'utf8' })).toBe('abcd');
});

test('a disk that stays full refuses all that needs room, and nothing else', async () => {
  const code = `fs.writeFileSync(at('one'), 'text');
    const codes = [() => fs.writeFileSync(at('f'), 'text'), () => fs.mkdirSync(at('two')), () => fs.rmSync(at('one')), () => fs.readdirSync(at('.'))]
      .map((call) => { try { call(); return 'done' } catch (error) { return error.code } });
    console.log(codes.join())`;
  const fault = { name: 'write /f', at: 1, error: 'ENOSPC', stays: true } as const;
  const end = await preload.run(program(code), {}, { below: folder, fault });
  expect(end.said).toBe('ENOSPC,ENOSPC,done,done\n');
});

test('rings of calls, which nobody would hear, are refused', async () => {
  const code = "await fs.promises.writeFile(at('f'), 'text')";
  const end = await preload.run(program(code), { UV_USE_IO_URING: '1' }, { below: folder });
  expect(end.calls.map(kindOf)).toEqual(['open', 'write']);
});

test('elsewhere nothing is heard', async () => {
  const code = `fs.writeFileSync('${folder}-beside', ''); fs.rmSync('${folder}-beside')`;
  expect((await preload.run(program(code), {}, { below: folder })).calls).toEqual([]);
});
