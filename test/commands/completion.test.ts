import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../rehearsal/process.ts';
import { Terminal } from '../wizard/terminal.ts';
import { Sample } from './sample/sample.ts';

/** A shell with the completions as its documentation has them installed: which files, and how it is started. */
interface Shell {
  readonly argv: (home: string) => readonly string[];
  readonly files: (script: string) => Readonly<Record<string, string>>;
}

const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion';
const interactive = { argv: (home: string) => ['bash', '--rcfile', path.join(home, 'rc'), '-i'] };

const SHELLS: Readonly<Record<string, Shell & { readonly speaks: 'bash' | 'zsh' | 'fish' }>> = {
  'bash, the script sourced': {
    ...interactive,
    speaks: 'bash',
    files: () => ({ rc: 'PS1="ready> "; source <(studio-setup completion bash)\n' }),
  },
  'bash with bash-completion, which loads it when it is needed': {
    ...interactive,
    speaks: 'bash',
    files: (script) => ({
      rc: `PS1="ready> "; source ${BASH_COMPLETION}\n`,
      '.local/share/bash-completion/completions/studio-setup': script,
    }),
  },
  'zsh, the script sourced': {
    speaks: 'zsh',
    argv: () => ['zsh', '-i'],
    files: () => ({
      '.zshrc':
        'PS1="ready> "; autoload -Uz compinit; compinit -u -D; source <(studio-setup completion zsh)\n',
    }),
  },
  'zsh, from a folder of its $fpath': {
    speaks: 'zsh',
    argv: () => ['zsh', '-i'],
    files: (script) => ({
      '.zshrc': 'PS1="ready> "; fpath=($HOME/completions $fpath); autoload -Uz compinit; compinit -u -D\n',
      'completions/_studio-setup': script,
    }),
  },
  fish: {
    speaks: 'fish',
    argv: () => ['fish', '-i'],
    files: (script) => ({
      '.config/fish/config.fish': 'function fish_prompt; echo "ready> "; end; function fish_greeting; end\n',
      '.config/fish/completions/studio-setup.fish': script,
    }),
  },
};

let sample: Sample;
let terminal: Terminal | undefined;
beforeAll(async () => {
  sample = await Sample.make();
  await sample.unattended('run');
  await sample.unattended('undo');
  const { argv, env } = sample.command();
  await mkdir(sample.at('bin'));
  await sample.write(
    'bin/studio-setup',
    `#!/bin/sh\nexport STUDIO_SETUP_SAMPLE=${env.STUDIO_SETUP_SAMPLE}\nexec ${argv.join(' ')} "$@"\n`,
  );
  await chmod(sample.at('bin/studio-setup'), 0o755);
});
afterEach(() => terminal?.close());
afterAll(() => sample.remove());

/** Opens the shell, with its home in a folder of its own. */
async function open({ argv, files, speaks }: (typeof SHELLS)[string]): Promise<Terminal> {
  const { stdout: script } = await sample.run(['completion', speaks]);
  const home = sample.at(`home-${Math.random().toString(36).slice(2)}`);
  for (const [name, text] of Object.entries(files(script))) {
    await mkdir(path.dirname(path.join(home, name)), { recursive: true });
    await writeFile(path.join(home, name), text);
  }
  const { env } = sample.command();
  terminal = await Terminal.open({
    argv: argv(home),
    columns: 100,
    env: { ...env, PATH: `${sample.at('bin')}:${env.PATH}`, HOME: home, LANG: 'C.UTF-8' },
  });
  await terminal.until('ready>');
  return terminal;
}

it('ShellCheck finds nothing in the script for bash', async () => {
  const { stdout: script } = await sample.run(['completion', 'bash']);
  await sample.write('completion.bash', script);
  expect(await run(['shellcheck', '--shell', 'bash', sample.at('completion.bash')])).toMatchObject({
    code: 0,
    stdout: '',
  });
});

describe.each(Object.entries(SHELLS))('%s', (_, shell) => {
  it('completes commands, sections, options, values, runs and files', async () => {
    const here = await open(shell);
    await sample.write('answers-of-mine.yaml', '');
    for (const [typed, completed] of [
      ['studio-setup und', 'studio-setup undo'],
      ['studio-setup run req', 'studio-setup run requirements'],
      ['studio-setup tas', 'studio-setup tasks'],
      ['studio-setup undo --dry', 'studio-setup undo --dry-run'],
      ['studio-setup plan --scr', 'studio-setup plan --screen-reader'],
      ['studio-setup run --log-level deb', 'studio-setup run --log-level debug'],
      ['studio-setup run --log-level=deb', 'studio-setup run --log-level=debug'],
      ['studio-setup rotate se', 'studio-setup rotate secret-key'],
      [`studio-setup --answers ${sample.at('answers-of')}`, sample.at('answers-of-mine.yaml')],
      [`studio-setup --answers=${sample.at('answers-of')}`, sample.at('answers-of-mine.yaml')],
      ['studio-setup --overwrite site.do', 'studio-setup --overwrite site.domain'],
    ] as const) {
      await here.type(typed);
      await here.press('Tab');
      await here.until(completed);
      await here.press('C-u', 'C-l');
      await here.until(/^ready>\s*$/);
    }
    await here.type('studio-setup undo ');
    await here.press('Tab', 'Tab');
    await here.until(/^2\b.*\b1\b|^2\b.*\n.*\b1\b/m);
  }, 180_000);
});
