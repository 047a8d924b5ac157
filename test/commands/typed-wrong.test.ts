import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/app/usage.ts';
import { COMMANDS, program } from '../../src/commands/program.ts';
import { Sample } from './sample/sample.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await Sample.make();
});
afterAll(() => sample.remove());

function refused(typed: readonly string[]) {
  try {
    program('1.2.3', [], () => {}).parse([...typed], { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) return [error.problem.what, error.problem.remedy];
    throw error;
  }
  return undefined;
}

const SECRETS = 'meilisearch-key, secret-key, database-password';

describe('the command line refuses', () => {
  it.each<[string, string, string]>([
    [
      'undo --lst',
      'studio-setup undo has no option --lst. Did you mean --list?',
      'See studio-setup undo --help.',
    ],
    ['--plan', 'studio-setup has no option --plan. Did you mean --plain?', 'See studio-setup --help.'],
    ['doctor --diff', 'studio-setup doctor has no option --diff.', 'See studio-setup doctor --help.'],
    ['undo -x', 'studio-setup undo has no option -x.', 'See studio-setup undo --help.'],
    [
      'rotate',
      'The secret is missing: studio-setup rotate <secret>.',
      `Use one of: ${SECRETS}. See studio-setup rotate --help.`,
    ],
    [
      'rotate secretkey',
      'secretkey is not a valid secret. Did you mean secret-key?',
      `Use one of: ${SECRETS}. See studio-setup rotate --help.`,
    ],
    [
      'change-domain',
      'The name is missing: studio-setup change-domain <name>.',
      'See studio-setup change-domain --help.',
    ],
    [
      'change-domain https://new.example.org/blog',
      'https://new.example.org/blog is not a valid name. Type the host name alone, without a path. Nothing was changed.',
      'See studio-setup change-domain --help.',
    ],
    [
      'change-domain new.example.org --extra a.example.org b_c.example.org',
      'b_c.example.org is not a valid value for --extra. A host name has no underscore in it; a hyphen is allowed. Nothing was changed.',
      'See studio-setup change-domain --help.',
    ],
    [
      'undo last',
      'last is not a valid run. It must be the number of a run: undo --list shows them.',
      'See studio-setup undo --help.',
    ],
    ['plan --answers', 'The value of --answers is missing: --answers <file>.', 'See studio-setup --help.'],
    [
      'plan --log-level',
      'The value of --log-level is missing: --log-level <level>.',
      'Use one of: error, info, debug. See studio-setup --help.',
    ],
    [
      '--log-level inof',
      'inof is not a valid value for --log-level. Did you mean info?',
      'Use one of: error, info, debug. See studio-setup --help.',
    ],
    [
      'run --jobs many',
      'many is not a valid value for --jobs. It must be a whole number from 1 to 999.',
      'See studio-setup --help.',
    ],
    ['undo 3 4 5', 'studio-setup undo takes 1 argument; remove 4 5.', 'See studio-setup undo --help.'],
    ['doctor 5', 'studio-setup doctor takes no arguments; remove 5.', 'See studio-setup doctor --help.'],
    [
      'answers --record --example',
      "--example and --record can't be used together.",
      'See studio-setup answers --help.',
    ],
    [
      'help undoo',
      'undoo is not a valid command. Did you mean undo?',
      `Use one of: ${COMMANDS.filter((name) => name !== 'help').join(', ')}. See studio-setup help --help.`,
    ],
  ])('%s', (typed, what, remedy) => {
    expect(refused(typed.split(' '))).toEqual([what, remedy]);
  });

  it('an empty word', () => {
    expect(refused(['--jobs', ''])?.[0]).toBe(
      'Nothing is not a valid value for --jobs. It must be a whole number from 1 to 999.',
    );
  });
});

describe('on a machine that is no server, for somebody who is not root', () => {
  beforeAll(() => sample.write('strict', ''));

  it.each<[string, readonly string[], string]>([
    ['an unknown command', ['no-such-command'], 'There is no command or section called no-such-command.'],
    [
      'with an option',
      ['plann', '--diff'],
      'There is no command or section called plann. Did you mean plan?',
    ],
    ['a section that is near', ['reqirements'], 'Did you mean requirements?'],
    ['an unknown section', ['run', 'sit'], 'There is no section called sit. Did you mean site?'],
    ['of an option', ['doctor', '--section', 'tsks'], 'There is no section called tsks. Did you mean tasks?'],
    [
      'an unknown option',
      ['status', '--jsn'],
      'studio-setup status has no option --jsn. Did you mean --json?',
    ],
    ['an answers file that is not there', ['plan', '--answers', '/no/such/file'], 'There is no answers file'],
  ])('%s', async (_, typed, what) => {
    const { code, stdout, stderr } = await sample.asNobody(typed);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const said = stderr.replaceAll(/\s+/g, ' ');
    expect(said).toMatch(/^✗ .* What to do: .*\. $/);
    expect(said).toContain(what);
    expect(said).not.toMatch(/root|systemd/);
  });

  it('an answers file suggests the nearest name beside it', async () => {
    const { stderr } = await sample.asNobody(['plan', '--answers', sample.at('answer.yaml')]);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('Did you mean answers.yaml?');
  });

  it('--json is a record of it, --screen-reader says it in words', async () => {
    const json = await sample.asNobody(['undo', '--lst', '--json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toEqual({
      v: 1,
      type: 'problem',
      what: 'studio-setup undo has no option --lst. Did you mean --list?',
      remedy: 'See studio-setup undo --help.',
    });
    const said = await sample.asNobody(['undo', '--lst', '--screen-reader']);
    expect(said.stderr).toMatch(/^Failed: studio-setup undo has no option/);
  });
});
