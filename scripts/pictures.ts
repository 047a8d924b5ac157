/**
 * Makes docs/pictures: the wizard's screens and a recorded install (asciicast 2), as they are in a real terminal during a real
 * install on the throwaway host, with a step that fails on the way. Takes some minutes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersFile, unknowable, writeAnswers } from '../test/rehearsal/answers.ts';
import { installProduct } from '../test/rehearsal/product.ts';
import { startRehearsal } from '../test/rehearsal/rehearsal.ts';
import { answerAt } from '../test/wizard/first-answers.ts';
import { Terminal } from '../test/wizard/terminal.ts';
import { movingSvgOf, type Shown, svgOf } from './svg.ts';

/** Few enough that a phone shows letters that can be read, and no screen is cut that an operator needs whole. */
const COLUMNS = 66;
const ROWS = 22;
const FRAME_MS = 2000;
/** Of the run itself, in the picture that moves. */
const RUN_FRAMES = 14;
/** How long each of these is seen. */
const READ_S = 2.5;
const RUN_S = 0.7;
const folder = path.join(import.meta.dirname, '..', 'docs', 'pictures');

await mkdir(folder, { recursive: true });
const host = await startRehearsal();
try {
  await installProduct(host, console.log);
  await writeAnswers(host, { only: unknowable.filter((id) => id !== 'certificate.email') });
  await host.exec(['mv', '/usr/bin/apt-get', '/usr/bin/apt-get.away']);
  const argv = [
    ...host.enterArgv({ env: { TERM: 'screen-256color' } }),
    'studio-setup',
    '--answers',
    answersFile,
  ];
  const env = { PATH: process.env.PATH ?? '' };
  const terminal = await Terminal.open({ argv, env, columns: COLUMNS, rows: ROWS });
  terminal.patience = 600_000;
  try {
    await record(terminal);
  } finally {
    await terminal.close();
  }
} finally {
  await host.stop();
}

async function record(terminal: Terminal): Promise<void> {
  const shown: Shown[] = [];
  const cast = [JSON.stringify({ version: 2, width: COLUMNS, height: ROWS, title: 'studio-setup' })];
  const begun = Date.now();
  let last = '';
  /** @returns the frame, when it is another than before */
  const frame = async (): Promise<string | undefined> => {
    const screen = await terminal.coloured();
    if (screen === last) return undefined;
    last = screen;
    const text = `\u001b[H\u001b[2J${screen.trimEnd().replaceAll('\n', '\r\n')}`;
    cast.push(JSON.stringify([(Date.now() - begun) / 1000, 'o', text]));
    return screen;
  };
  const take = async (name: string, recorded = true) => {
    // Nothing that turns or counts is caught half drawn.
    await sleep(300);
    const screen = await terminal.coloured();
    await writeFile(path.join(folder, `${name}.svg`), svgOf(screen, COLUMNS));
    console.log(`docs/pictures/${name}.svg`);
    if (!recorded) return;
    await frame();
    shown.push({ screen, seconds: READ_S });
  };

  await terminal.until('Enter continue');
  await take('start');
  await terminal.press('Escape');
  await terminal.until(/\d+ of 16 sections/);
  await take('overview', false);
  await terminal.press('Enter');
  await answer(terminal, take);
  await take('review');
  await terminal.press('j', 'j', 'j', 'j', 'Space');
  await take('change', false);
  await terminal.press('Home', 'Enter');
  await terminal.until('› Yes');
  await take('confirm');
  await terminal.press('Enter');
  await terminal.until('A step failed');
  await take('failure', false);
  await host.exec(['mv', '/usr/bin/apt-get.away', '/usr/bin/apt-get']);
  await terminal.press('r');
  await terminal.until('Running:');

  const run: string[] = [];
  let pictured = false;
  while (!/All checks passed|A step failed|checks? failed/.test(last)) {
    const screen = await frame();
    if (screen !== undefined) run.push(screen);
    if (!pictured && screen?.includes('poetry install')) {
      await take('run', false);
      pictured = true;
    }
    await sleep(FRAME_MS);
  }
  shown.push(...some(run).map((screen) => ({ screen, seconds: RUN_S })));
  await take('finish');
  await writeFile(path.join(folder, 'install.cast'), `${cast.join('\n')}\n`);
  await writeFile(path.join(folder, 'install.svg'), movingSvgOf(shown, COLUMNS));
  await terminal.press('Escape');
  await terminal.at('m menu', 'm');
  await terminal.until('› Check the site');
  await take('menu', false);
}

/** Goes through all forms, and types what is asked for. */
async function answer(
  terminal: Terminal,
  take: (name: string, recorded?: boolean) => Promise<void>,
): Promise<void> {
  const pictured = new Set<string>();
  const once = async (name: string) => {
    if (pictured.has(name)) return;
    pictured.add(name);
    await take(name);
  };
  for (let screen = await terminal.until(/^ › /m); !screen.includes('Review:'); ) {
    const at = focusOf(screen);
    const text = answerAt(at);
    if (text !== undefined) await terminal.type(text);
    if (/Domain/.test(at)) await once('questions');
    if (screen.includes('Braintree')) await once('integrations');
    await terminal.press('Enter');
    screen = await terminal.changed((now) => now.includes('Review:') || focusOf(now) !== at);
  }
}

/** @returns the form, and the row with the cursor but for its value */
function focusOf(screen: string): string {
  const [form = ''] = /Questions: \d+ of \d+/.exec(screen) ?? [];
  const [, label = ''] = /^ › (?:[^\w\s] +)?(\S+(?: \S+)*)/m.exec(screen) ?? [];
  return `${form} ${label}`;
}

/** @returns as many as the picture has, from the first to the last, evenly spread */
function some(frames: readonly string[]): readonly string[] {
  const step = Math.max(1, (frames.length - 1) / (RUN_FRAMES - 1));
  const chosen = new Set(Array.from({ length: RUN_FRAMES }, (_, index) => Math.round(index * step)));
  return frames.filter((_, index) => chosen.has(index));
}
