import type { ProgramResult } from '../../src/host/host.ts';
import type { DjangoState } from '../../src/site/django.ts';
import { SITE_USER, VENV } from '../../src/site/layout.ts';
import type { FakeHost } from '../host/fake/fake-host.ts';
import type { Call } from '../host/fake/programs.ts';

/** What stands in the virtualenv when it is there. */
const VENV_FILES = { [`${VENV}/bin/python`]: { text: '', mode: 0o755, owner: SITE_USER } } as const;

/** The site's own Python: it answers the probe with a state, and does what a script's values say. */
export class Django {
  /** What it says of itself; the words by which Python ends when it says nothing at all. */
  state: DjangoState | string = {};
  /** Carries a script out. @returns the last line of a traceback when it fails */
  does: (values: Readonly<Record<string, string>>) => string | undefined = () => undefined;
  /** Environments and scripts that it was given. */
  readonly calls: Call[] = [];

  constructor(host: FakeHost) {
    host.programs.add((call) => {
      if (call.argv[0] !== `${VENV}/bin/python` || call.argv[1] !== '-') return undefined;
      if (call.options.as !== SITE_USER) throw new TypeError('The site is never asked as root.');
      this.calls.push(call);
      return this.#answer(call.options.input ?? '');
    });
    host.arrange(VENV_FILES);
  }

  #answer(script: string): Partial<ProgramResult> {
    if (script.includes('def unapplied')) {
      if (typeof this.state === 'string') return { code: 1, stderr: `Traceback:\n${this.state}\n` };
      // Settings may print something of their own before it.
      return { stdout: `loading\n\n@@${JSON.stringify(this.state)}\n` };
    }
    // Python ends a line at a newline only, where JavaScript's `$` also stops at U+2028.
    const line = script.split('\n').find((each) => each.startsWith('values = json.loads('));
    const literal = line?.slice('values = json.loads('.length, -1) ?? '"{}"';
    const wrong = this.does(JSON.parse(JSON.parse(literal)));
    return wrong === undefined ? {} : { code: 1, stderr: `Traceback (most recent call last):\n${wrong}\n` };
  }
}
