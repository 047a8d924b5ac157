import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidatesOf, placeholderOf, VALUES } from '../../src/commands/candidates.ts';
import { COMMANDS, program } from '../../src/commands/program.ts';
import { sampleProduct } from './sample/product.ts';
import { Sample } from './sample/sample.ts';
import { sampleSections } from './sample/sections.ts';

let sample: Sample;
beforeAll(async () => {
  sample = await Sample.make();
  await sample.unattended('run');
  await sample.unattended('undo');
});
afterAll(() => sample.remove());

const root = program('1.2.3', [], () => {});

async function candidates(...words: readonly string[]) {
  const product = sampleProduct(sample.folder, sampleSections(sample.folder));
  const { known, files } = await candidatesOf(root, words, product);
  return [...known.map(({ value }) => value), ...(files ? ['FILES'] : [])];
}

describe('what can come next', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['a command', ['un'], ['undo']],
    ['a section, where no command begins so', ['ta'], ['tasks']],
    ['nothing', ['nothing-begins-so'], []],
    ['a section of a command', ['plan', ''], ['requirements', 'site', 'tasks']],
    ['a further one, none twice', ['plan', 'site', ''], ['requirements', 'tasks']],
    ['a further one after a bare section', ['site', 'ta'], ['tasks']],
    ['a section of an option, and several', ['status', '--section', 'site', 't'], ['tasks']],
    ['an argument after a switch', ['--plain', 'plan', 'si'], ['site']],
    ["an argument after an option's value", ['--jobs', '2', 'undo', ''], ['2', '1']],
    ['a run', ['undo', ''], ['2', '1']],
    ['a run for a switch of the same command', ['undo', '--forget', '1'], ['1']],
    ['nothing after the last argument but options', ['undo', '1', ''], ['--list', '--dry-run', '--forget']],
    ['an option of the command before those of all', ['undo', '--f'], ['--forget']],
    ['what each command has of its own once', ['undo', '--h'], ['--help']],
    ['an option of all commands', ['undo', '--pl'], ['--plain']],
    ['no option twice', ['--plain', 'undo', '--pl'], []],
    ['an option that takes several twice', ['--mine', 'x', '--mi'], ['--mine']],
    ['the options of a command without arguments', ['doctor', ''], ['--fix', '--renewal']],
    ['a value that is one of few', ['--log-level', ''], ['error', 'info', 'debug']],
    ['the same behind an equals sign', ['--log-level=d'], ['--log-level=debug']],
    ['the same as bash splits it', ['--log-level', '=', 'd'], ['debug']],
    ['the same as bash splits it, empty', ['--log-level', '='], ['error', 'info', 'debug']],
    ['a shell', ['completion', 'z'], ['zsh']],
    ['a file', ['--answers', ''], ['FILES']],
    ['standard input is no option', ['--answers', '-', 'pl'], ['plan']],
    ['a value where one must come, whatever it begins with', ['--log-level', '-'], []],
    ['a file behind an equals sign', ['--answers=x'], ['FILES']],
    ['a file, or the id of an answer', ['--overwrite', 'site.d'], ['site.domain', 'FILES']],
    ['a file alone, where it begins like a path', ['--overwrite', '/site'], ['FILES']],
    ['no option behind two hyphens', ['plan', '--', '--d'], []],
    ['a section behind two hyphens', ['plan', '--', 'si'], ['site']],
    ['nothing for a free name', ['change-domain', ''], []],
  ])('%s', async (_, words, expected) => {
    expect(await candidates(...words)).toEqual(expected);
  });

  it('every command, and no hidden one', async () => {
    expect(await candidates('')).toEqual(COMMANDS);
    expect(COMMANDS).not.toContain('complete');
  });

  it('a run with when and what it was', async () => {
    const product = sampleProduct(sample.folder, sampleSections(sample.folder));
    const { known } = await candidatesOf(root, ['undo', '1'], product);
    expect(known[0]?.about).toMatch(/^[A-Z][a-z]{2} \d+ \d\d:\d\d run, 4 changes$/);
  });
});

it('of every option and argument it is known what can be its value', () => {
  const all = [root, ...root.commands.filter((each) => each.name() !== 'complete')];
  const takers = all.flatMap((command) => [
    ...command.registeredArguments,
    ...command.options.filter(({ required, optional }) => required || optional),
  ]);
  const open = takers.filter(({ argChoices }) => argChoices === undefined).map(placeholderOf);
  expect(open.filter((each) => !(each in VALUES))).toEqual([]);
});

it('is asked as a program, on any machine, by anybody', async () => {
  await sample.write('strict', '');
  const { code, stdout, stderr } = await sample.asNobody(['complete', '--', '--log-level', 'd']);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'debug\t\n', stderr: '' });
});
