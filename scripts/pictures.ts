/**
 * Makes docs/pictures: the wizard's screens and a recorded run (asciicast 2), as they are in a real terminal during a real
 * install on the throwaway host. Takes some minutes.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersFile, unknowable, writeAnswers } from '../test/rehearsal/answers.ts';
import { installProduct } from '../test/rehearsal/product.ts';
import { startRehearsal } from '../test/rehearsal/rehearsal.ts';
import { Terminal } from '../test/wizard/terminal.ts';
import { movingSvgOf, svgOf } from './svg.ts';

const COLUMNS = 80;
const ROWS = 24;
const FRAME_MS = 3000;
/** Screens in the picture that moves, and the seconds that each is seen: some 20 for the whole install. */
const SCREENS = 24;
const SHOWN_S = 0.8;
const folder = path.join(import.meta.dirname, '..', 'docs', 'pictures');

await mkdir(folder, { recursive: true });
const own = await mkdtemp(path.join(tmpdir(), 'studio-setup-pictures-'));
const host = await startRehearsal();
try {
  await installProduct(host, console.log);
  await writeAnswers(host, { secrets: 'generate', only: ['domain', ...unknowable] });
  const argv = [
    ...host.enterArgv({ env: { TERM: 'screen-256color' } }),
    'studio-setup',
    '--answers',
    answersFile,
  ];
  const env = { PATH: process.env.PATH ?? '' };
  const terminal = await Terminal.open({ argv, env, folder: own, columns: COLUMNS, rows: ROWS });
  terminal.patience = 600_000;
  try {
    await record(terminal);
  } finally {
    await terminal.close();
  }
} finally {
  await host.stop();
  await rm(own, { recursive: true, force: true });
}

async function record(terminal: Terminal): Promise<void> {
  const take = async (name: string) => {
    await writeFile(path.join(folder, `${name}.svg`), svgOf(await terminal.coloured(), COLUMNS));
    console.log(`docs/pictures/${name}.svg`);
  };
  await terminal.until('Enter continue');
  await terminal.until('sections as the document wants');
  await take('overview');
  await terminal.press('Enter');
  for (;;) {
    const screen = await terminal.until(/› Continue|Review:/);
    if (screen.includes('Review:')) break;
    const [form = ''] = /Questions: (\d+ of \d+)/.exec(screen)?.slice(1) ?? [];
    if (screen.includes('Braintree')) await take('questions');
    await terminal.press('Enter');
    await terminal.until(new RegExp(`Questions: (?!${form})|Review:`));
  }
  // The second change has a departure and the command that a person would type.
  await terminal.press('j', 'j', 'j', 'j', 'Space');
  await sleep(500);
  await take('review');
  await terminal.press('Home', 'Enter');
  await terminal.until('› Yes, apply them now');
  await take('confirm');
  await terminal.press('Enter');
  await terminal.until('Running:');
  const begun = Date.now();
  const cast = [JSON.stringify({ version: 2, width: COLUMNS, height: ROWS, title: 'studio-setup' })];
  const frames: string[] = [];
  let last = '';
  let pictured = false;
  for (;;) {
    const frame = await terminal.coloured();
    if (frame !== last) {
      const text = `\u001b[H\u001b[2J${frame.trimEnd().replaceAll('\n', '\r\n')}`;
      frames.push(frame);
      cast.push(JSON.stringify([(Date.now() - begun) / 1000, 'o', text]));
    }
    last = frame;
    if (!pictured && frame.includes('poetry install')) {
      await take('run');
      pictured = true;
    }
    if (/All checks passed|A step failed|checks? failed/.test(frame)) break;
    await sleep(FRAME_MS);
  }
  await writeFile(path.join(folder, 'install.cast'), `${cast.join('\n')}\n`);
  await writeFile(path.join(folder, 'install.svg'), movingSvgOf(some(frames), COLUMNS, SHOWN_S));
  await take('scorecard');
}

/** @returns as many as the picture has, from the first to the last, evenly spread */
function some(frames: readonly string[]): readonly string[] {
  const step = Math.max(1, (frames.length - 1) / (SCREENS - 1));
  const chosen = new Set(Array.from({ length: SCREENS }, (_, index) => Math.round(index * step)));
  return frames.filter((_, index) => chosen.has(index));
}
