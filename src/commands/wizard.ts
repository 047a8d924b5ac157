import { hostname } from 'node:os';
import { render } from 'ink';
import { createElement } from 'react';
import { App, type Lend } from '../../components/App.tsx';
import type { ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { foreground } from '../host/foreground.ts';
import { clean } from '../output/clean.ts';
import { takesLinks } from '../output/hyperlink.ts';
import { outputMode } from '../output/output-mode.ts';
import { print } from '../output/print.ts';
import { StoppedError } from '../output/problem.ts';
import { unicodeLocale } from '../wizard/kit/glyphs.ts';
import { keyboard } from '../wizard/kit/keyboard.ts';
import { Transcript } from '../wizard/kit/transcript.ts';
import type { Wizard } from '../wizard/runtime/wizard.ts';
import { initialState } from '../wizard/shell/initial-state.ts';
import { SAID_COLUMNS } from '../wizard/shell/screen-reader/item.ts';
import { Store } from '../wizard/shell/store.ts';
import type { Intent } from '../wizard/state/intent.ts';

const SHARED = { interactive: true, exitOnCtrlC: false } as const;
const DRAWN = {
  isScreenReaderEnabled: false,
  alternateScreen: true,
  incrementalRendering: true,
  // Keys are drawn at once, or 5 ms after the frame before; what programs say is held back by the store.
  maxFps: 200,
} as const;
/** Ink's own way for screen readers erases and repeats the frame at each change; `debug` gives each frame away whole. */
const SAID = { isScreenReaderEnabled: true, debug: true } as const;

/** Lines as they are, on the terminal's own screen: one that is longer than it is copied whole all the same. */
const SHOW = [
  'sh',
  '-c',
  'printf "%s\\n" "$@"; printf "The form continues by itself once it works. Enter: back to the form. "; read -r _',
  'sh',
];

/**
 * The wizard: overview, questions, review, run, scorecard; on a full screen, or said line by line.
 * @param typed the command that goes on from where this one ends
 * @throws StoppedError when a signal, a second Ctrl-C or a lost terminal ended it
 */
export async function wizardCommand(session: Session, stop: Stop, typed: string): Promise<ExitCode> {
  const { product } = session;
  const documented = await (product.documented ?? product.sections)();
  const store = new Store(initialState(documented, await headOf(session), sizeOf(), session.ledger.isNew));
  const resized = () => store.resize(sizeOf());
  // Before Ink's own listener: the frame that it then draws must already have the new size.
  process.stdout.prependListener('resize', resized);

  const voice = outputMode.speaks ? new Transcript((text) => process.stdout.write(text)) : undefined;
  let lend: Lend = (work) => work();
  const instance = render(
    createElement(App, {
      store,
      looks: {
        color: (process.env.NO_COLOR ?? '') === '',
        unicode: unicodeLocale(process.env),
        links: takesLinks(process.env, true),
      },
      onReady: (given) => {
        lend = given;
      },
      ...(voice ? { voice } : {}),
    }),
    {
      stdin: keyboard(process.stdin),
      ...SHARED,
      ...(voice ? { ...SAID, stdout: voice.asTerminal() } : DRAWN),
    },
  );
  const close = () => {
    instance.unmount();
    voice?.close();
  };
  // First of all listeners: what says why it crashed must stand on the operator's own screen.
  process.prependListener('uncaughtException', close);
  session.signal.addEventListener('abort', close);
  // What only a key or the host asks for (plans, checks, procedures) is loaded while the first frame stands there already.
  const early: Intent[] = [];
  store.dispatch = (intent) => early.push(intent);
  await instance.waitUntilRenderFlush();
  const [{ Wizard }, sections, { setFlagsFromString }] = await Promise.all([
    import('../wizard/runtime/wizard.ts'),
    product.sections(),
    import('node:v8'),
  ]);
  // It may stand open for days on a small server. From the start on, it would make the first frame later.
  setFlagsFromString('--optimize-for-size');
  store.set({ sections });
  const wizard = new Wizard(session, store, sections, stop, {
    lend: async (argv, account) => {
      voice?.close();
      await lend(() => foreground(argv, account));
      voice?.again();
    },
    async show(handover) {
      // OSC 52: taken by most terminals, left out by the others.
      if (!voice) process.stdout.write(`\u001b]52;c;${Buffer.from(handover.text).toString('base64')}\u0007`);
      voice?.close();
      await lend(() => foreground(SHOW.concat(handover.title, '', handover.text, '', handover.what, '')));
      voice?.again();
    },
    close,
  });
  for (const intent of early) store.dispatch(intent);
  stop.watch(() => {
    const { run } = store.get();
    store.set({ run: { ...run, stopping: stop.stopping() } });
    if (stop.lost() && !wizard.busy) close();
  });
  void wizard.begin();
  try {
    await instance.waitUntilExit();
    await wizard.idle();
  } finally {
    store.end();
    process.stdout.removeListener('resize', resized);
    process.removeListener('uncaughtException', close);
  }
  if (session.signal.aborted) throw new StoppedError('Stopped by the operator');
  sayGoodbye(wizard, typed);
  return wizard.exitCode;
}

function sayGoodbye({ log, exitCode, proved }: Wizard, typed: string): void {
  if (log === undefined) print('Nothing was changed. Your answers are saved; secrets are not.');
  else {
    if (exitCode !== 0) print('Saved. Finished steps stay done.');
    else if (proved) print('The site is up to date.');
    print(`Log: ${log}`);
  }
  if (exitCode !== 0) print(`To resume: ${typed}`);
}

function sizeOf() {
  if (outputMode.speaks) return { columns: SAID_COLUMNS, rows: 24 };
  return { columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 };
}

async function headOf({ host, product }: Session) {
  const release = (await host.read('/etc/os-release')) ?? '';
  const value = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  const system = [value('ID'), value('VERSION_ID')].filter((each) => each !== '').join(' ');
  return { version: product.version, place: clean(`${hostname()} · ${system}`) };
}
