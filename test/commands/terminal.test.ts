import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample, type Step } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

const ENTER = '\r';
const CTRL_C = '\u0003';
const CTRL_T = '\u0014';
const answered = [
  { expect: 'Domain' },
  { send: `Studio.Example.org${ENTER}` },
  { expect: 'Secret key' },
  { send: ENTER },
  { expect: 'Further names' },
  { send: ENTER },
  { expect: 'Set up Braintree now?' },
] as const;

describe('a first run in a terminal', () => {
  it('asks, reviews, runs, reports', async () => {
    const { code, text } = await sample.terminal(
      ['run'],
      [
        ...answered,
        { send: ENTER },
        { expect: 'Apply them now?' },
        { send: ENTER },
        { expect: 'Everything is up to date: 4 changes' },
      ],
    );
    expect(code).toBe(0);
    expect(text).toContain('The name resolves to this server.');
    expect(text).toContain('If skipped: Nobody can pay for a subscription.');
    expect(text).toContain('4 changes in 3 sections, 1 departure from the document (≠).');
    expect(text).toMatch(/✔ Site settings {2}1 change/);
    expect(await sample.read('settings.conf')).toContain('domain=studio.example.org');
  });

  it('fits 80 columns', async () => {
    const { text } = await sample.terminal(
      ['run'],
      [...answered, { send: ENTER }, { expect: 'Apply them now?' }, { send: ENTER }],
    );
    // A prompt's line stands here once for each key that was typed.
    const lines = text.split(/\r?\n|\r/).filter((line) => !line.startsWith('? '));
    const long = lines.filter((line) => line.length > 80 && !line.includes(sample.folder));
    expect(long.join('|')).toBe('');
  });

  it('a refused answer says why at once; a failed trial offers another try', async () => {
    const { code, text } = await sample.terminal(
      ['run'],
      [
        { expect: 'Domain' },
        { send: `not a name${ENTER}` },
        { expect: 'A host name such as' },
        { send: `\u0015nowhere.example.org${ENTER}` },
        { expect: 'Answer again?' },
        { send: ENTER },
        { expect: 'Domain' },
        { send: `a.example${ENTER}` },
        { expect: 'Secret key' },
        { send: CTRL_C },
      ],
    );
    expect(text).toContain('That name does not resolve here.');
    expect(code).toBe(130);
  });

  it('an answer that is given again is tried on the server as it is then', async () => {
    const { text } = await sample.terminal(
      ['run'],
      [
        { expect: 'Domain' },
        { send: `late.example.org${ENTER}` },
        { expect: 'That name does not resolve yet.' },
        { expect: 'Answer again?' },
        { send: ENTER },
        { expect: 'Domain' },
        { send: `late.example.org${ENTER}` },
        { expect: 'The name resolves to this server.' },
        { expect: 'Secret key' },
        { send: CTRL_C },
      ],
    );
    expect(text.match(/That name does not resolve yet/g)).toHaveLength(1);
  });

  it('says first what it will do, how long that takes and what must be at hand; not a second time', async () => {
    const { text } = await sample.terminal(['run'], [...answered, { send: CTRL_C }]);
    expect(text).toContain('Nothing changes before you have seen every change');
    expect(text).toMatch(/Time: some ten questions, then about \d+ s on 2 processors/);
    expect(text.indexOf('a domain name that points to this server')).toBeLessThan(text.indexOf('Domain'));
    await sample.unattended('run');
    const again = await sample.terminal(['run'], [{ expect: 'Use them again?' }, { send: CTRL_C }]);
    expect(again.text).not.toContain('Nothing changes before');
  });

  it('makes what a failed trial offers, shows it, and tries again', async () => {
    const { text } = await sample.terminal(
      ['run'],
      [
        { expect: 'Domain' },
        { send: `walled.example.org${ENTER}` },
        { expect: 'That name wants a pass.' },
        { expect: 'Show the pass of this server?' },
        { send: ENTER },
        { expect: 'pass-of-the-sample' },
        { expect: 'Give it to the gatekeeper.' },
        { expect: 'Try again now?' },
        { send: ENTER },
        { expect: 'The name resolves to this server.' },
        { expect: 'Secret key' },
        { send: CTRL_C },
      ],
    );
    expect(text).not.toContain('Answer again?');
  });

  it('makes nothing that the operator does not want, and says why where it can not be made', async () => {
    const refused = [{ expect: 'Domain' }, { send: `walled.example.org${ENTER}` }] as const;
    const offer = { expect: 'Show the pass of this server?' };
    const no = await sample.terminal(
      ['run'],
      [...refused, offer, { send: `n${ENTER}` }, { expect: 'Answer again?' }, { send: CTRL_C }],
    );
    expect(no.code).toBe(130);
    expect(await sample.tree()).not.toContain('pass');
    await sample.write('shut', 'The gate is shut.');
    const failed = await sample.terminal(
      ['run'],
      [...refused, offer, { send: ENTER }, { expect: 'Answer again?' }, { send: CTRL_C }],
    );
    expect(failed.text).toContain('The gate is shut.');
    expect(failed.text).not.toContain('Try again now?');
  });

  it('takes a trial that breaks off for one that failed', async () => {
    await mkdir(sample.at('pass'));
    const { text } = await sample.terminal(
      ['run'],
      [
        { expect: 'Domain' },
        { send: `walled.example.org${ENTER}` },
        { expect: 'Answer again?' },
        { send: CTRL_C },
      ],
    );
    expect(text).toContain('A folder stands where a file is needed');
  });

  it('a typed secret is never on the screen, not with Ctrl-T either', async () => {
    const { text } = await sample.terminal(
      ['run'],
      [
        ...answered,
        { send: `y${ENTER}` },
        { expect: 'Merchant' },
        { send: `merchant${ENTER}` },
        { expect: 'Private key' },
        { send: `typed-by-hand${CTRL_T}${ENTER}` },
        { expect: 'Apply them now?' },
        { send: CTRL_C },
      ],
    );
    expect(text).not.toContain('typed-by-hand');
    expect(text).toContain('•••');
  });

  it.each<[string, (key: string, file: string) => readonly Step[]]>([
    ['pasted in one piece', (key) => [{ send: `${key.replaceAll('\n', ENTER)}${ENTER}` }]],
    [
      'given by its path',
      (_, file) => [
        { send: `/no/such/file${ENTER}` },
        { expect: 'ENOENT' },
        { expect: 'paste it' },
        { send: `${file}${ENTER}` },
      ],
    ],
  ])('a key of several lines %s arrives whole and unseen', async (_, typed) => {
    const key = [
      '-----BEGIN SAMPLE KEY-----',
      'Proc-Type: 4,ENCRYPTED',
      '',
      'not-a-real-key-line-one',
      'not-a-real-key-line-two',
      '-----END SAMPLE KEY-----',
    ].join('\n');
    await sample.write('key.pem', key);
    const { code, text } = await sample.terminal(
      ['run'],
      [
        { expect: 'Domain' },
        { send: `cdn.example.org${ENTER}` },
        { expect: 'Secret key' },
        { send: ENTER },
        { expect: 'Further names' },
        { send: ENTER },
        { expect: 'Set up CDN now?' },
        { send: `y${ENTER}` },
        { expect: 'paste it and finish with an empty line' },
        ...typed(key, sample.at('key.pem')),
        { expect: 'Set up Braintree now?' },
        { send: ENTER },
        { expect: 'Apply them now?' },
        { send: ENTER },
        { expect: 'Everything is up to date' },
      ],
    );
    expect(code).toBe(0);
    expect(text).not.toContain('not-a-real-key');
    expect(await sample.read('settings.conf')).toContain(key);
    expect(await sample.written('log', 'state')).not.toContain('not-a-real-key');
  });

  it.each(['Domain', 'Secret key', 'Set up Braintree now?'])(
    'Ctrl-C at "%s" ends with 130, nothing changed',
    async (at) => {
      const index = answered.findIndex((step) => 'expect' in step && step.expect === at);
      const { code, text } = await sample.terminal(
        ['run'],
        [...answered.slice(0, index + 1), { send: CTRL_C }],
      );
      expect(code).toBe(130);
      expect(text).toContain('Nothing was changed. Start again with the same command.');
      expect(existsSync(sample.at('requirements.list'))).toBe(false);
    },
  );

  it('a "no" to the review changes nothing', async () => {
    const { code } = await sample.terminal(
      ['run'],
      [...answered, { send: ENTER }, { expect: 'Apply them now?' }, { send: `n${ENTER}` }],
    );
    expect(code).toBe(130);
    expect(existsSync(sample.at('state'))).toBe(false);
  });
});

describe('the tree', () => {
  it('of a program that prints a million lines is drawn a few times a second, and the log has them all', async () => {
    await sample.program('seq 1 1000000');
    const { code, raw } = await sample.terminal(
      ['run', '--yes', '--answers', sample.at('answers.yaml')],
      [{ expect: 'Everything is up to date' }],
    );
    expect(code).toBe(0);
    expect(raw.length).toBeLessThan(500_000);
    expect((await sample.read('log/run-0001.log')).split('\n').length).toBeGreaterThan(1_000_000);
  });

  it('says at once that a Ctrl-C was heard, and lets what runs end', async () => {
    await sample.program(`sleep 2; touch ${sample.at('ended')}`);
    const { code, text } = await sample.terminal(
      ['run', '--yes', '--answers', sample.at('answers.yaml')],
      [
        { expect: 'run /bin/sh' },
        { send: CTRL_C },
        { expect: 'Stopping after run /bin/sh' },
        { expect: 'Everything is up to date' },
      ],
    );
    // The program was the last one: nothing is left to do.
    expect(code).toBe(0);
    expect(text.indexOf('Stopping')).toBeLessThan(text.indexOf('Everything is up to date'));
    expect(existsSync(sample.at('ended'))).toBe(true);
  });

  it('marks what failed, and the report says why', async () => {
    await sample.program('echo it is broken >&2; exit 3');
    const { code, text } = await sample.terminal(
      ['run', '--yes', '--answers', sample.at('answers.yaml')],
      [{ expect: 'Not finished' }],
    );
    expect(code).toBe(1);
    expect(text).toMatch(/Background tasks {2}failed, /);
    expect(text).toContain('✗ Background tasks › run /bin/sh');
    expect(text).toContain('it is broken');
  });
});

describe('a later run in a terminal', () => {
  it('does not ask what the host says, and shows it', async () => {
    await sample.unattended('run');
    await sample.write('worked.old', '');
    const { code, text } = await sample.terminal(
      ['run', '--plain'],
      [{ expect: 'Use them again?' }, { send: ENTER }, { expect: 'up to date: 0 changes' }],
    );
    expect(code).toBe(0);
    expect(text).toContain('Domain: studio.example.org  (already set on this server)');
    expect(text).toContain('Secret key: ••••  (already set on this server)');
  });

  it.each([['plan'], ['status'], ['doctor']])(
    '%s says at once what is awaited, and takes that away again',
    async (command) => {
      const { raw, text } = await sample.terminal([command, '--answers', sample.at('answers.yaml')], []);
      expect(text).toMatch(/^Checking (this server|the site) …\r[\s\S]/);
      expect(raw.match(/Checking [^\r]*\r\u001b\[K/g)).toHaveLength(1);
    },
  );

  it.each(['plan', 'script'])(
    '%s without answers asks nothing: it names what is missing',
    async (command) => {
      const { code, text } = await sample.terminal([command], []);
      expect(code).toBe(4);
      const said = text.replaceAll(/\s+/g, ' ');
      expect(said).toContain('An answer is missing. Nothing was changed.');
      expect(said).toContain('site.domain: Domain.');
      expect(said).toContain('or start the wizard, which asks for them and shows the plan: studio-setup.');
    },
  );

  it('with --yes asks nothing', async () => {
    const { code } = await sample.terminal(
      ['run', '--yes', '--answers', sample.at('answers.yaml')],
      [{ expect: 'Everything is up to date: 4 changes' }],
    );
    expect(code).toBe(0);
  });
});

describe('a terminal that goes away', () => {
  it('while something is changed: the run goes on to its end, and the log tells it', async () => {
    await sample.program(`touch ${sample.at('begun')}; sleep 1; echo said-to-nobody; sleep 0.5`);
    const { code } = await sample.terminal(
      ['run', '--yes', '--answers', sample.at('answers.yaml')],
      [{ expect: 'run /bin/sh' }, { hangup: true }],
    );
    expect(code).toBe(0);
    expect(existsSync(sample.at('worked'))).toBe(true);
    expect(await sample.read('log/run-0001.log')).toMatch(/said-to-nobody[\s\S]*run finished: 4 changed/);
  });

  it('while a question stands: it ends, and holds the lock no longer', async () => {
    const { code } = await sample.terminal(['run'], [{ expect: 'Domain' }, { hangup: true }]);
    expect(code).toBe(130);
    expect((await sample.unattended('run')).code).toBe(0);
  });
});
