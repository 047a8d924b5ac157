import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
  await sample.write('release', 'old\n');
});
afterEach(() => sample.remove());

const update = (...args: readonly string[]) => sample.unattended('update', ...args);

describe('update', () => {
  it('is told what was typed, and brings the new state', async () => {
    const { code, stdout } = await update('production', '--restore-database');
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('Typed: {"to":"production","restore-database":""}.');
    expect(await sample.read('release')).toBe('new-value-of-the-sample\n');
  });

  it('--rollback is told, too', async () => {
    expect((await update('--rollback')).stdout).toContain('{"to":"","rollback":""}');
  });

  it('--check shows the plan, and changes nothing: exit 3', async () => {
    const { code, stdout } = await update('--check');
    expect(code).toBe(3);
    expect(stdout).toMatch(/New value[\s\S]*! Typed/);
    expect(await sample.read('release')).toBe('old\n');
  });

  it.each([['--check'], []])('says so when there is nothing to do, and makes no run: %s', async (...args) => {
    await sample.write('newest', '');
    const { code, stdout } = await update(...args);
    expect(code).toBe(0);
    expect(stdout).toContain('Already.');
    expect((await sample.tree()).filter((name) => name.includes('run-'))).toEqual([]);
  });

  it('--check says what was interrupted, and leaves it alone', async () => {
    await sample.unattended('run');
    await sample.write('release.pending', JSON.stringify({ secrets: { old: 'old', new: 'x' } }));
    const { code, stdout } = await update('--check');
    expect(code).toBe(3);
    expect(stdout).toContain('"update" was interrupted');
    expect(await sample.read('release')).toBe('old\n');
  });

  it.each([
    [['--rollback', 'production'], /it takes no branch or commit/],
    [['-'], /no branch and no commit/],
    [['a..b'], /no branch and no commit/],
  ])('typed wrong: %s', async (args, words) => {
    const { code, stderr } = await update(...args);
    expect(code).toBe(2);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(words);
    expect(await sample.read('release')).toBe('old\n');
  });

  describe('asks before a dump is used', () => {
    const QUESTION = 'Put the database back?';

    it.each([
      ['Enter alone is a no', '\r'],
      ['so is n', 'n\r'],
    ])('%s', async (_, typed) => {
      await sample.write('asks', '');
      const { code, text } = await sample.terminal(
        ['update', '--rollback'],
        [{ expect: QUESTION }, { send: typed }, { expect: 'Nothing was changed.' }],
      );
      expect(code).toBe(130);
      expect(text).toMatch(
        /! It goes back by its dump alone\.[\s\S]*3 rows in 1\s+table\.[\s\S]*Put the database back\?/,
      );
      expect(await sample.read('release')).toBe('old\n');
    });

    it('a yes goes on to the review, with that word', async () => {
      await sample.write('asks', '');
      const { code, text } = await sample.terminal(
        ['update', '--rollback'],
        [
          { expect: QUESTION },
          { send: 'y\r' },
          { expect: 'Do it now?' },
          { send: '\r' },
          { expect: 'Log: ' },
        ],
      );
      expect(code).toBe(0);
      expect(text.replace(/\s+/g, '')).toContain('"restore-database":""');
      expect(await sample.read('release')).toBe('new-value-of-the-sample\n');
    });

    it.each([
      ['y\r', 'old\n', 1, 'The old one works again.'],
      ['\r', 'old\n', 1, 'It stays as it is.'],
    ])('where it came to neither end: %j', async (typed, release, exit, words) => {
      for (const name of ['no-new', 'no-old', 'dump']) await sample.write(name, '');
      const { code, text } = await sample.terminal(
        ['update'],
        [{ expect: 'Do it now?' }, { send: '\r' }, { expect: QUESTION }, { send: typed }, { expect: words }],
      );
      expect(code).toBe(exit);
      expect(text).toMatch(/reached neither[\s\S]*It goes back by its dump alone/);
      expect(await sample.read('release')).toBe(release);
      const left = (await sample.tree()).some((name) => name.includes('pending'));
      expect(left).toBe(words.startsWith('It stays'));
    });

    it('nobody is asked unattended', async () => {
      await sample.write('asks', '');
      const { stdout } = await update('--rollback');
      expect(stdout).not.toContain(QUESTION);
    });
  });

  it('gives an interrupted one the word that it asked for', async () => {
    await sample.unattended('run');
    await sample.write('no-new', '');
    await sample.write('no-old', '');
    await update();
    expect(JSON.parse(await sample.read('state/pending.json')).arguments).toEqual({ to: '' });
    await update('--restore-database');
    expect(JSON.parse(await sample.read('state/pending.json')).arguments).toEqual({
      to: '',
      'restore-database': '',
    });
  });
});
