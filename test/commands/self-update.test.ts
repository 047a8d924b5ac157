import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { must, run } from '../rehearsal/process.ts';
import { records } from './sample/sample.ts';
import { ARCHITECTURE, INSTALLED, NAME, NEWER, said, saying, updatable } from './sample/update-sample.ts';

const rig = updatable('self-update');

const redirect =
  (where: string, code = 302): RequestListener =>
  (_, answer) =>
    void answer.writeHead(code, { location: where }).end();

/** Declares the whole, sends a part, and hangs up. */
const cutShort =
  (whole: Buffer): RequestListener =>
  (_, answer) => {
    answer.writeHead(200, { 'content-length': whole.length });
    answer.write(whole.subarray(0, whole.length / 2), () => answer.socket?.destroy());
  };

describe('what is not the newest release by the key of the project is refused, and the old executable stays', () => {
  const served = (name: string) => rig().server.files.get(name) as Buffer;
  test.each<readonly [string, () => unknown, string | RegExp]>([
    [
      'signed by another key',
      () => rig().publish({ key: 'another-key' }),
      /it is by the key \w{16} \(expected \w{16}\)/,
    ],
    [
      'another list than the signed one',
      () => rig().server.files.set('SHA256SUMS', Buffer.from(`${'0'.repeat(64)}  ${NAME}\n`)),
      'is not valid: it does not fit the file. Nothing of it was used.',
    ],
    [
      'a comment that says another version',
      () =>
        rig().server.files.set(
          'SHA256SUMS.minisig',
          Buffer.from(served('SHA256SUMS.minisig').toString().replace(NEWER, '9.9.9')),
        ),
      'it does not fit its comment',
    ],
    [
      'the number of the right key on the signature of another',
      async () => {
        const right = served('SHA256SUMS.minisig').toString().split('\n');
        await rig().publish({ key: 'another-key' });
        const wrong = served('SHA256SUMS.minisig').toString().split('\n');
        const number = Buffer.from(right[1] ?? '', 'base64').subarray(0, 10);
        const forged = Buffer.concat([number, Buffer.from(wrong[1] ?? '', 'base64').subarray(10)]);
        const lines = [wrong[0], forged.toString('base64'), ...wrong.slice(2)];
        rig().server.files.set('SHA256SUMS.minisig', Buffer.from(lines.join('\n')));
      },
      'it does not fit the file',
    ],
    [
      'a signature of the old kind, that minisign still makes',
      () => rig().publish({ options: ['-l'] }),
      'that is no signature of a digest by minisign',
    ],
    [
      'no signature',
      () => rig().server.files.set('SHA256SUMS.minisig', Buffer.from('<html>Log in</html>\n')),
      'that is no signature of minisign',
    ],
    [
      'signed by the key, but something else',
      () => rig().publish({ comment: 'another-project 9.9.9-1' }),
      "is by the project's key, but of no release",
    ],
    [
      'rollback: an older release, rightly signed',
      () => rig().server.publish('1.2.2', { [ARCHITECTURE]: rig().packed }),
      `has 1.2.2 as its newest release, and this is ${INSTALLED}. It was not taken: an older version may have faults that are known by now.`,
    ],
    [
      'no list',
      () => rig().server.files.delete('SHA256SUMS'),
      'SHA256SUMS returned HTTP 404 (expected 200).',
    ],
    [
      'a list that is cut short',
      () => rig().server.files.set('SHA256SUMS', cutShort(served('SHA256SUMS'))),
      'SHA256SUMS could not be fetched: the connection ended before all of it came.',
    ],
    [
      'a list without an end',
      () => rig().server.files.set('SHA256SUMS', Buffer.alloc(70_000)),
      'SHA256SUMS is larger than 65536 bytes.',
    ],
    [
      'a redirect to http',
      () => rig().server.files.set('SHA256SUMS', redirect('http://127.0.0.1:1/SHA256SUMS')),
      'SHA256SUMS leads to http://127.0.0.1:1/SHA256SUMS, which is not encrypted. It was not fetched.',
    ],
    [
      'a redirect without an end',
      () => rig().server.files.set('SHA256SUMS', redirect('/SHA256SUMS')),
      'redirects more than 20 times',
    ],
    [
      'no executable for this kind of processor',
      () => rig().server.publish(NEWER, { sparc: rig().packed }),
      `Release ${NEWER} has no ${NAME}: nothing for this kind of processor.`,
    ],
    [
      'another executable than the signed one',
      () => rig().server.files.set(NAME, Buffer.concat([rig().packed, Buffer.from('x')])),
      /is not the file that the project signed: its SHA-256 is [0-9a-f]{64} \(expected [0-9a-f]{64}\)\. The old executable stays\./,
    ],
    [
      'an executable that is cut short',
      () => rig().server.files.set(NAME, cutShort(rig().packed)),
      `${NAME} could not be fetched: the connection ended before all of it came.`,
    ],
    [
      'an executable that is gone',
      () => rig().server.files.delete(NAME),
      `${NAME} returned HTTP 404 (expected 200).`,
    ],
    [
      'an executable behind a redirect to http',
      () => rig().server.files.set(NAME, redirect(`http://127.0.0.1:1/${NAME}`)),
      'which is not encrypted. It was not fetched.',
    ],
    [
      'an executable that xz does not know',
      () => rig().server.publish(NEWER, { [ARCHITECTURE]: Buffer.from('no xz') }),
      'File format not recognized',
    ],
    [
      'an executable that does not start here',
      async () =>
        rig().server.publish(NEWER, {
          [ARCHITECTURE]: await rig().packedText('\u007fELF of another processor'),
        }),
      `The new executable does not start on this server as ${NEWER}. The old one stays.`,
    ],
    [
      'an executable of another version than it is said to be',
      async () => rig().server.publish(NEWER, { [ARCHITECTURE]: await rig().packedText(saying('1.0.0')) }),
      `does not start on this server as ${NEWER}: it says 1.0.0. The old one stays.`,
    ],
  ])('%s', async (_, arrange, words) => {
    await arrange();
    const done = await rig().typed(['self-update', '--yes']);
    expect(said(done)).toMatch(words instanceof RegExp ? words : literal(words));
    expect(done.code).toBe(1);
    await rig().expectOld();
  });

  test('a certificate that this server does not trust', async () => {
    const done = await rig().typed(['self-update', '--yes'], {
      SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
    });
    expect(said(done)).toContain('SHA256SUMS could not be fetched: self-signed certificate');
    expect(done.code).toBe(1);
    expect(rig().server.asked).toEqual([]);
    await rig().expectOld();
  });
});

const literal = (words: string) => new RegExp(words.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));

describe('self-update', () => {
  test('shows what comes, replaces the executable whole, keeps nothing else, and says what to do next', async () => {
    const done = await rig().typed(['self-update', '--yes']);
    expect(done.code, said(done)).toBe(0);
    expect(said(done)).toContain(`studio-setup ${NEWER} is there; this is ${INSTALLED}. Signed today`);
    expect(said(done)).toContain(`~ ${rig().program}: ${INSTALLED} → ${NEWER}`);
    expect(said(done)).toContain(`${rig().program} was ${INSTALLED} and is ${NEWER} now.`);
    expect(said(done)).toContain('studio-setup plan');
    expect(rig().server.asked).toEqual(['SHA256SUMS', 'SHA256SUMS.minisig', NAME]);
    await rig().expectNew();
  });

  test('is in the list of runs, and undo says that the old one is not kept', async () => {
    await rig().typed(['self-update', '--yes']);
    expect(records((await rig().typed(['undo', '--list', '--json'])).stdout)).toEqual([
      expect.objectContaining({ type: 'run', command: 'self-update', changes: 1, state: 'done' }),
    ]);
    const undone = await rig().typed(['undo', '--yes']);
    expect(undone.code).toBe(1);
    expect(said(undone)).toContain(
      `the executable: that of ${INSTALLED} is not kept; to go back, download it again`,
    );
    await rig().expectNew();
  });

  test('keeps the mode of the old one', async () => {
    await chmod(rig().program, 0o700);
    expect((await rig().typed(['self-update', '--yes'])).code).toBe(0);
    expect((await stat(rig().program)).mode & 0o7777).toBe(0o700);
  });

  test('changes nothing where this is the newest', async () => {
    await rig().server.publish(INSTALLED, { [ARCHITECTURE]: rig().packed });
    const done = await rig().typed(['self-update', '--yes']);
    expect(done.code).toBe(0);
    expect(said(done)).toContain(`studio-setup ${INSTALLED} is the newest release.`);
    await rig().expectOld();
  });

  test('--json: the release, the plan, the events of a run', async () => {
    const done = await rig().typed(['self-update', '--json']);
    expect(done.code, done.stderr).toBe(0);
    const all = records(done.stdout);
    expect(all.map(({ type }) => type).filter((type) => type !== 'command' && type !== 'output')).toEqual([
      ...['release', 'planned', 'run-started', 'operation-started', 'change', 'operation-finished'],
      'run-finished',
    ]);
    expect(all.find(({ type }) => type === 'planned')).toMatchObject({
      operation: 'self-update/executable',
      summary: `${rig().program}: ${INSTALLED} → ${NEWER}`,
    });
    await rig().expectNew();
  });

  test('the commands of the plan do the same by hand', async () => {
    const { stdout } = await rig().typed(['self-update', '--json']);
    const planned = records(stdout).find(({ type }) => type === 'planned');
    const shell = planned?.shell as readonly string[];
    expect(shell).toHaveLength(5);
    await writeFile(rig().program, saying(INSTALLED));
    await mkdir(rig().at('by-hand'));
    const env = { ...process.env, CURL_CA_BUNDLE: rig().server.certificate };
    await must(['sh', '-euc', shell.join('\n')], { cwd: rig().at('by-hand'), env });
    await rig().expectNew();
    // The second of them is what trust comes from.
    await rig().publish({ key: 'another-key' });
    await must(['sh', '-euc', shell[0] ?? ''], { cwd: rig().at('by-hand'), env });
    const refused = await run(['sh', '-euc', shell[1] ?? ''], { cwd: rig().at('by-hand'), env });
    expect(refused.code).not.toBe(0);
  });

  test('asks in a terminal, and a no changes nothing', async () => {
    const env = rig().environment();
    const python = path.join(import.meta.dirname, 'sample/terminal.py');
    const steps = [{ expect: `Replace ${INSTALLED} with ${NEWER}?` }, { send: 'n\r' }];
    const { stdout } = await run(
      ['/usr/bin/python3', python, ...rig().sample.command().argv, 'self-update'],
      {
        env: { ...env, TERM: 'xterm-256color' },
        input: JSON.stringify(steps),
      },
    );
    const { code, missed } = JSON.parse(stdout) as { code: number; missed: string | null };
    expect(missed).toBeNull();
    expect(code).toBe(130);
    expect(rig().server.asked).not.toContain(NAME);
    await rig().expectOld();
  });

  test('waits for no other studio-setup, but says that one is at work', async () => {
    const holder = spawn('flock', [rig().at('lock'), 'sh', '-c', 'echo held; exec cat'], { stdio: 'pipe' });
    await once(holder.stdout, 'data');
    const done = await rig().typed(['self-update', '--yes']);
    holder.stdin.end();
    expect(done.code).toBe(1);
    expect(said(done)).toContain('Another studio-setup is at work on this server');
    expect(rig().server.asked).toEqual([]);
    await rig().expectOld();
  });

  test('follows redirects within HTTPS, as a forge leads to its newest release', async () => {
    for (const name of ['SHA256SUMS', 'SHA256SUMS.minisig', NAME]) {
      rig().server.files.set(`v1/${name}`, rig().server.files.get(name) ?? Buffer.from(''));
      rig().server.files.set(
        name,
        redirect(name === NAME ? `${rig().server.address}v1/${name}` : `/v1/${name}`),
      );
    }
    expect((await rig().typed(['self-update', '--yes'])).code).toBe(0);
    await rig().expectNew();
  });

  describe('through a proxy', () => {
    let proxy: Server;
    const through: string[] = [];
    let answer: string;
    beforeEach(async () => {
      through.length = 0;
      answer = 'HTTP/1.1 200 Connection established\r\n\r\n';
      proxy = createServer((client) => {
        client.on('error', () => {});
        client.once('data', (head) => {
          const [, name = '', port = ''] = /^CONNECT ([^:\s]+):(\d+) /.exec(head.toString()) ?? [];
          through.push(name);
          if (!answer.includes(' 200 ')) return void client.end(answer);
          const onward = connect(Number(port), name, () => {
            client.write(answer);
            client.pipe(onward).pipe(client);
          });
          onward.on('error', () => client.destroy());
        });
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => proxy.close());
    const address = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

    test.each(['HTTPS_PROXY', 'https_proxy'])('%s', async (name) => {
      expect((await rig().typed(['self-update', '--yes'], { [name]: address() })).code).toBe(0);
      expect(through.length).toBeGreaterThan(0);
      await rig().expectNew();
    });

    test('but not to what NO_PROXY names', async () => {
      const env = { HTTPS_PROXY: address(), NO_PROXY: '127.0.0.1' };
      expect((await rig().typed(['version', '--check'], env)).code).toBe(3);
      expect(through).toEqual([]);
    });

    test('that refuses, whose password is shown nowhere', async () => {
      answer = 'HTTP/1.1 403 Forbidden\r\n\r\n';
      const HTTPS_PROXY = address().replace('//', '//ada:planted-password@');
      const done = await rig().typed(['self-update', '--yes'], { HTTPS_PROXY });
      expect(said(done)).not.toContain('planted-password');
      expect(done.code).toBe(1);
      expect(said(done)).toMatch(/SHA256SUMS could not be fetched: .*403/);
      expect(said(done)).toContain('the proxy if this server needs one (HTTPS_PROXY)');
      await rig().expectOld();
    });
  });

  test.each([
    ['the packed executable', 64, '.xz could not be written.'],
    ['the unpacked executable', 1024, ' could not be written.'],
  ])('on a disk that has no room for %s', async (_, kilobytes, words) => {
    const noise = Array.from({ length: 200_000 }, () => String.fromCharCode(97 + Math.random() * 26)).join(
      '',
    );
    const text = `${saying(NEWER)}${noise}${' '.repeat(2_000_000)}`;
    await rig().server.publish(NEWER, { [ARCHITECTURE]: await rig().packedText(text) });
    // The program runs where its own folder is a small disk, and tells afterwards what is there.
    const script = `mount -t tmpfs -o size=${kilobytes}k,mode=755 tmpfs "$1"; cp "$2" "$1/studio-setup"; shift 2
"$@" || echo "code $?"; ls "$0"; cat "$0/studio-setup"`;
    const bin = rig().at('bin');
    const original = rig().at('original');
    await writeFile(original, saying(INSTALLED), { mode: 0o755 });
    const argv = [...rig().sample.command().argv, 'self-update', '--yes'];
    const done = await run(['unshare', '--mount', 'sh', '-ec', script, bin, bin, original, ...argv], {
      env: rig().environment(),
    });
    expect(said(done)).toContain(`The disk of ${bin} is full: ${rig().program}.studio-setup-partial${words}`);
    expect(said(done)).toContain('The old executable stays.');
    expect(said(done)).toContain(`Make room (df -h ${bin})`);
    expect(done.stdout).toContain(`code 1\nstudio-setup\n${saying(INSTALLED)}`);
  });
});

describe('interrupted', () => {
  /** Has the executable come to the half, and no further. */
  function stall(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    rig().server.files.set(NAME, (_, answer) => {
      answer.writeHead(200, { 'content-length': rig().packed.length });
      answer.write(rig().packed.subarray(0, rig().packed.length / 2), () => resolve());
    });
    return promise;
  }

  function started(): ChildProcess {
    const [node = '', ...argv] = rig().sample.command().argv;
    return spawn(node, [...argv, 'self-update', '--yes'], { env: rig().environment(), stdio: 'ignore' });
  }

  /** What it has started, such as xz, lives on for a moment, and so does what holds its lock. */
  async function killed(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit');
    if (child.kill('SIGKILL')) await ended;
    const left = 'while grep -qs "STUDIO_SETUP_RUN=$1" /proc/[0-9]*/environ; do sleep 0.02; done';
    await must(['sh', '-uc', left, 'sh', rig().at('state')]);
    await must(['flock', rig().at('lock'), 'true']);
  }

  test('by SIGTERM in the middle of the download: the old one stays, alone', async () => {
    const halfway = stall();
    const child = started();
    await halfway;
    await sleep(200);
    expect(await readdir(rig().at('bin'))).toContain('studio-setup.studio-setup-partial.xz');
    expect((await stat(`${rig().program}.studio-setup-partial.xz`)).mode & 0o7777).toBe(0o700);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([130, null]);
    await rig().expectOld();
  });

  test('by SIGKILL in the middle of the download: the old one stays, and the next start clears up', async () => {
    const halfway = stall();
    const child = started();
    await halfway;
    await sleep(200);
    await killed(child);
    expect(await must([rig().program])).toBe(`${INSTALLED}\n`);
    await rig().publish();
    expect((await rig().typed(['self-update', '--yes'])).code).toBe(0);
    await rig().expectNew();
  });

  test('by SIGKILL at any moment: the old one or the new one is there, whole', async () => {
    const seen = new Set<string>();
    // From the request for the executable on; before, nothing is written.
    for (let after = 0; after <= 240; after += 30) {
      const requested = Promise.withResolvers<void>();
      await rig().publish();
      rig().server.files.set(NAME, (_, answer) => {
        answer.writeHead(200).end(rig().packed);
        requested.resolve();
      });
      const child = started();
      await requested.promise;
      await sleep(after);
      await killed(child);
      const version = (await must([rig().program])).trim();
      seen.add(version);
      expect([INSTALLED, NEWER]).toContain(version);
      const content = await readFile(rig().program);
      expect(
        content.equals(
          version === NEWER ? await readFile(path.join(rig().keys, 'newer')) : Buffer.from(saying(INSTALLED)),
        ),
      ).toBe(true);
      await writeFile(`${rig().program}.old`, saying(INSTALLED), { mode: 0o755 });
      await must(['mv', `${rig().program}.old`, rig().program]);
    }
    expect([...seen]).toContain(INSTALLED);
    await rig().publish();
    expect((await rig().typed(['self-update', '--yes'])).code).toBe(0);
    await rig().expectNew();
  });
});
