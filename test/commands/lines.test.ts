import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moving } from '../wizard/moving.ts';
import { Sample, type Step } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

const ENTER = '\r';

const asked: readonly Step[] = [
  { expect: 'Domain' },
  { send: `not a name${ENTER}` },
  { expect: 'A host name such as' },
  { expect: 'Domain' },
  { send: `nowhere.example.org${ENTER}` },
  { expect: 'That name does not resolve here.' },
  { expect: 'Answer again?' },
  { send: ENTER },
  { expect: 'Domain' },
  { send: `cdn.example.org${ENTER}` },
  { expect: 'The name resolves to this server.' },
  { expect: 'Secret key' },
  { send: `typed-by-hand${ENTER}` },
  { expect: 'Further names' },
  { send: `one.example.org two.example.org${ENTER}` },
  { expect: 'Set up CDN now?' },
  { send: `y${ENTER}` },
  { expect: 'empty line' },
  { send: `-----BEGIN X-----${ENTER}not-a-real-key${ENTER}-----END X-----${ENTER}` },
  { expect: 'Set up Braintree now?' },
  { send: `perhaps${ENTER}` },
  { expect: 'Answer yes or no.' },
  { expect: 'Set up Braintree now?' },
  { send: ENTER },
  { expect: 'Apply them now?' },
  { send: ENTER },
];

it('what counts as moving', () => {
  expect(moving('a\r\nb\x1b[31mred\x1b[0m\n')).toEqual([]);
  for (const code of ['\x1b[2K', '\x1b[1A', '\x1b[G', '\x1b[?25l', '\b', '\rover', '\x1b7', '\x07'])
    expect(moving(`text${code}`)).toHaveLength(1);
});

describe.each([['--plain'], ['--screen-reader']])('%s', (option) => {
  it('a whole run: nothing moves, and no secret is echoed', async () => {
    const { code, raw } = await sample.terminal(
      [option],
      [...asked, { expect: 'All checks passed: 1 check' }],
    );
    expect(code).toBe(0);
    expect(moving(raw)).toEqual([]);
    expect(raw).not.toContain('typed-by-hand');
    expect(raw).not.toContain('not-a-real-key');
    const settings = await sample.read('settings.conf');
    expect(settings).toContain('domain=cdn.example.org\nnames=one.example.org two.example.org');
    expect(settings).toContain('secret=typed-by-hand');
    expect(settings).toContain('not-a-real-key');
  });

  it('a failure is told in words, and the second start goes on', async () => {
    await sample.program('echo the reason; exit 3');
    const failed = await sample.terminal([option], [...asked, { expect: 'Not finished' }]);
    expect(failed.code).toBe(1);
    expect(moving(failed.raw)).toEqual([]);
    for (const words of [
      'run /bin/sh: failed. The command failed',
      'the reason',
      'exit code 3',
      'What to do: ',
    ])
      expect(failed.text).toContain(words);
    await sample.program('echo well');
    const fixed = await sample.terminal(
      [option],
      [
        { expect: 'Use them again?' },
        { send: ENTER },
        { expect: 'Set up CDN now?' },
        { send: ENTER },
        { expect: 'Apply them now?' },
        { send: ENTER },
        { expect: 'All checks passed: 1 check' },
      ],
    );
    expect(fixed.code).toBe(0);
  });

  it('what the server has since is no answer of the last run', async () => {
    await sample.unattended('run');
    const settings = await sample.read('settings.conf');
    await sample.write('settings.conf', settings.replace('studio.example.org', 'new.example.org'));
    const { text } = await sample.terminal([option], [{ expect: 'Use them again?' }, { send: '\x03' }]);
    expect(text).toContain('site.names');
    expect(text).not.toContain('site.domain');
  });

  it('Ctrl-C, Ctrl-D and SIGTERM at a question end it, and the terminal echoes again', async () => {
    for (const key of ['\x03', '\x04']) {
      const { code, text } = await sample.terminal([option], [{ expect: 'Domain' }, { send: key }]);
      expect(code).toBe(130);
      expect(text).toContain('Nothing was changed.');
    }
    const { code } = await sample.terminal(
      [option],
      [
        { expect: 'Domain' },
        { send: `studio.example.org${ENTER}` },
        { expect: 'Secret key' },
        { send: '\x03' },
      ],
    );
    expect(code).toBe(130);
  });

  it('what is typed ahead answers the next questions', async () => {
    const ahead = `studio.example.org${ENTER}`;
    const { text } = await sample.terminal(
      [option],
      [
        { send: ahead },
        { expect: 'Secret key' },
        { send: ENTER },
        { expect: 'Further names' },
        { send: `${ENTER}n${ENTER}` },
        { expect: 'Apply them now?' },
        { send: `n${ENTER}` },
        { expect: 'Nothing was changed.' },
      ],
    );
    expect(text).toContain('The name resolves to this server.');
  });
});

describe('for a screen reader', () => {
  it('marks are words, and there is no colour', async () => {
    const { raw } = await sample.terminal(
      ['--screen-reader'],
      [...asked, { expect: 'All checks passed: 1 check' }],
    );
    expect(raw).not.toContain('\x1b');
    expect(raw).not.toMatch(/[✓✗○●…≠•›─│▸]/);
    for (const words of [
      'Question: Domain',
      'Failed: A host name',
      'Failed: That name does not resolve here.',
      'Done: The name resolves to this server.',
      'New: ',
      'Would run: ',
      'Working: Site settings, write settings.conf',
      'Done: Site settings, write settings.conf: done',
      'Not done: Not set up: Braintree',
    ])
      expect(raw).toContain(words);
  });

  it('a file that was edited by hand stops it, with what to do', async () => {
    await sample.unattended('run');
    await sample.write('settings.conf', `${await sample.read('settings.conf')}mine=1\n`);
    const { code, raw } = await sample.terminal(
      ['--screen-reader'],
      [{ expect: 'Use them again?' }, { send: ENTER }, { expect: '--overwrite' }],
    );
    expect(code).toBe(4);
    expect(raw).toContain('Failed: ');
    expect(raw).toContain('edited by hand');
    expect(moving(raw)).toEqual([]);
  });
});
