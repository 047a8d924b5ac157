import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
  await sample.write('value', 'old\n');
});
afterEach(() => sample.remove());

const rotate = () => sample.unattended('rotate', 'secret-key');
const pending = async () => (await sample.tree()).filter((name) => name.includes('pending'));
const record = { procedure: 'rotate secret-key', arguments: {}, direction: 'forward', run: '0001' };
const trace = { secrets: { old: 'old', new: 'new-value-of-the-sample' } };

/** As a kill leaves it after the first operation. */
async function begun(direction: 'forward' | 'backward' = 'forward'): Promise<void> {
  await sample.unattended('run');
  await sample.write('value.pending', JSON.stringify(trace));
  await sample.write('state/pending.json', JSON.stringify({ ...record, direction }));
}

describe('a procedure', () => {
  it('shows its plan and what to know, brings the new state, and leaves nothing pending', async () => {
    const { code, stdout } = await rotate();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /New value {2}4 changes, then a proof[\s\S]*! Everybody will notice\.[\s\S]*The new one works\.\nLog: /,
    );
    expect(await sample.read('value')).toBe('new-value-of-the-sample\n');
    expect(await pending()).toEqual([]);
  });

  it('goes back to the old state when the proof fails: exit 1', async () => {
    await sample.write('no-new', '');
    const { code, stdout } = await rotate();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /The new one does not work\.[\s\S]*restoring the old state\.[\s\S]*The old one works again\./,
    );
    expect(await sample.read('value')).toBe('old\n');
    expect(await pending()).toEqual([]);
  });

  it('keeps old and new when neither works, says what to fix, and goes on from there, backward', async () => {
    await sample.write('no-new', '');
    await sample.write('no-old', '');
    const first = await rotate();
    expect(first.code).toBe(1);
    expect(first.stderr.replace(/\s+/g, ' ')).toContain(
      'reached neither the new state nor the old one. Both are kept',
    );
    expect(JSON.parse(await sample.read('state/pending.json'))).toMatchObject({ direction: 'backward' });
    expect((await stat(sample.at('state/pending.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(sample.at('value.pending'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await sample.read('value.pending'))).toEqual(trace);
    await rm(sample.at('no-old'));
    const second = await rotate();
    expect(second.stdout).toContain('The old one works again.');
    expect(second.code).toBe(1);
    expect(await pending()).toEqual([]);
  });

  it('does not begin when what it needs does not hold', async () => {
    await sample.write('ill', '');
    const before = await sample.tree();
    const { code, stderr } = await rotate();
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('It does not work as it is. Nothing was changed.'),
    ]);
    expect((await sample.tree()).filter((name) => name !== 'lock')).toEqual(before);
  });

  it('stopped by Ctrl-C, it goes back: exit 130', async () => {
    await sample.program('sleep 1');
    const child = sample.start([
      'rotate',
      'secret-key',
      '--yes',
      '--plain',
      '--answers',
      sample.at('answers.yaml'),
    ]);
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });
    while (!said.includes('program: program')) await sleep(20);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(said).toMatch(/Stopped: restoring the old state\.[\s\S]*The old one works again\./);
    expect(await sample.read('value')).toBe('old\n');
    expect(await pending()).toEqual([]);
  });

  it('refuses a name that is none', async () => {
    const { code, stderr } = await sample.unattended('rotate', 'everything');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('meilisearch-key, secret-key, database-password'),
    ]);
  });
});

describe('one that was killed', () => {
  it.each(['run', 'rotate secret-key'])('is finished by %s, before all else', async (command) => {
    await begun();
    const { code, stdout } = await sample.unattended(...command.split(' '));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /"rotate secret-key" was interrupted[\s\S]*It is finished\s+first\.[\s\S]*The new one works\./,
    );
    expect(await sample.read('value')).toBe('new-value-of-the-sample\n');
    expect(await pending()).toEqual([]);
  });

  it('on its way back goes on backward', async () => {
    await begun('backward');
    expect((await sample.unattended('run')).stdout).toContain('The old one works again.');
    expect(await sample.read('value')).toBe('old\n');
  });

  it.each(['lost', 'damaged'])('is known by its transaction record when its record is %s', async (how) => {
    await begun();
    if (how === 'lost') await rm(sample.at('state/pending.json'));
    else await sample.write('state/pending.json', '{"procedure":');
    expect((await sample.unattended('run')).stdout).toContain('The new one works.');
    expect(await pending()).toEqual([]);
  });

  it.each(['run', 'rotate secret-key'])(
    'is finished by %s with another one, the recorded one first',
    async (command) => {
      await begun('backward');
      await sample.write('other', 'old\n');
      await sample.write('other.pending', JSON.stringify(trace));
      const { code, stdout } = await sample.unattended(...command.split(' '));
      expect(stdout).toMatch(
        /"rotate secret-key" was interrupted[\s\S]*The old one works again\.[\s\S]*"rotate meilisearch-key" was interrupted[\s\S]*The new one works\./,
      );
      // What came back is no success of the command that was to make it new.
      expect(code).toBe(command === 'run' ? 0 : 1);
      expect([await sample.read('value'), await sample.read('other')]).toEqual([
        'old\n',
        'new-value-of-the-sample\n',
      ]);
      expect(await pending()).toEqual([]);
    },
  );

  it('leaves the next one pending when it comes to no end, and both are said', async () => {
    await begun();
    await sample.write('other.pending', JSON.stringify(trace));
    await sample.write('no-new', '');
    await sample.write('no-old', '');
    expect((await sample.unattended('run')).code).toBe(1);
    expect(await pending()).toEqual(['other.pending', 'state/pending.json', 'value.pending']);
    const { stdout } = await sample.unattended('status');
    expect(stdout.match(/To finish it/g)).toHaveLength(2);
  });

  it.each(['', '{"secrets":', 'null', '{"secrets":{"old":1}}'])(
    'whose transaction record says nothing (%j) is named with what to do, and who only looks goes on',
    async (text) => {
      await begun();
      await sample.write('value.pending', text);
      const before = await sample.tree();
      for (const command of ['run', 'rotate secret-key', 'undo', 'doctor --fix']) {
        const { code, stderr } = await sample.unattended(...command.split(' '));
        expect([command, code]).toEqual([command, 1]);
        const said = stderr.replace(/\s+/g, ' ');
        expect(said).toContain('value.pending shows that a procedure was interrupted, but its record');
        expect(said).toContain(`rm ${sample.at('value.pending')}`);
        expect(said).not.toMatch(/SyntaxError|not foreseen/);
      }
      expect((await sample.tree()).filter((name) => name !== 'lock')).toEqual(
        before.filter((name) => name !== 'lock'),
      );
      for (const [command, wanted] of [
        ['plan', 3],
        ['status', 0],
        ['doctor', 3],
      ] as const) {
        const { code, stdout } = await sample.unattended(command);
        expect([command, code]).toEqual([command, wanted]);
        expect(stdout).toContain('To finish it');
      }
    },
  );

  it('is over when only its record is left', async () => {
    await begun();
    await rm(sample.at('value.pending'));
    const { code, stdout } = await sample.unattended('run');
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('finished')]);
    expect(await sample.read('value')).toBe('old\n');
    expect(await pending()).toEqual([]);
  });

  it.each([
    ['plan', 3],
    ['status', 0],
    ['doctor', 3],
  ] as const)('is said by %s, which leaves it', async (command, wanted) => {
    await begun();
    const before = await sample.tree();
    const { code, stdout } = await sample.unattended(command);
    expect(code).toBe(wanted);
    expect(stdout.replace(/\s+/g, ' ')).toContain('To finish it: studio-setup rotate secret-key');
    expect((await sample.unattended(command, '--json')).stdout).toContain(
      '"type":"pending","procedure":"rotate secret-key"',
    );
    expect(await sample.tree()).toEqual(before);
  });
});
