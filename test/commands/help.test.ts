import { describe, expect, it } from 'vitest';
import { program } from '../../src/commands/program.ts';
import { sampleSections } from './sample/sections.ts';

/** @returns what `--help` prints behind these words */
function help(...typed: readonly string[]): string {
  let printed = '';
  const root = program('1.2.3', sampleSections('/nowhere'), () => {});
  const output = {
    writeOut(text: string) {
      printed += text;
    },
  };
  for (const each of [root, ...root.commands]) each.configureOutput(output);
  expect(() => root.parse([...typed, '--help'], { from: 'user' })).toThrow('(outputHelp)');
  return printed;
}

const names = program('1.2.3', [], () => {}).commands.map((command) => command.name());

describe('the help', () => {
  it('begins with the wizard and three examples', () => {
    expect(help().split('\n').slice(0, 10)).toEqual([
      'Usage: studio-setup [command] [options]',
      '',
      'Sets up Blender Studio on this server as its production document says. Without a',
      'command, in a terminal, it opens the wizard: it asks, shows every change, makes',
      'the changes, and proves that the site works.',
      '',
      '  studio-setup                                   open the wizard',
      '  studio-setup plan                              what would change?',
      '  studio-setup run --answers answers.yaml --yes  set up without questions',
      '  studio-setup doctor                            does the site work?',
    ]);
  });

  it('of a command has its own options, all others in one line, and the sections where it takes any', () => {
    expect(help('plan')).toBe(`Usage: studio-setup plan [options] [section...]

Show what a run would change; changes nothing.

Arguments:
  section  ids of sections; all when absent

Options:
  --diff      with the differences of files (the default in a terminal)
  --no-diff   without them
  -h, --help  print this help

Global options, such as --answers, --yes and --json: studio-setup --help

Sections: requirements, site, tasks
`);
    expect(help('doctor')).not.toContain('Sections');
  });

  it('explains every exit code in a line', () => {
    expect(help()).toContain(`
Exit codes:
    0  done: everything is up to date, every check passed
    1  something failed; the message says what, and what to do
    2  wrong usage, or the answers file was refused; nothing was changed
    3  changes are pending, a check failed, a release is newer, DNS must change
    4  waits for you: an answer is missing, or an edited file needs a decision
  130  stopped by Ctrl-C, SIGTERM, or your "no"; the same command resumes
`);
  });

  it('names values and defaults where there are any, and nothing that is off by itself', () => {
    expect(help()).toMatch(/--log-level <level> +how much to print \(error, info, debug; default:\n +info\)/);
    expect(help()).toMatch(/--jobs <number> +steps at the same time \(default: 6\)/);
    expect(help('rotate')).toMatch(/secret {2}which one \(meilisearch-key, secret-key,/);
  });

  it.each([...names, ''])('fits 80 columns and has no "default: false": %s', (name) => {
    const text = name === '' ? help() : help(name);
    expect(text).not.toContain('default: false');
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('has no hidden command', () => {
    expect(help()).not.toMatch(/^ {2}complete\b/m);
  });
});
