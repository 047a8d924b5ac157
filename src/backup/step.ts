import type { Operation } from '../engine/operation.ts';
import type { LiveHost } from '../host/host.ts';

interface Step {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly kind?: 'create' | 'run';
  readonly shell: readonly string[];
  readonly irreversible?: string;
  apply(live: LiveHost): Promise<void>;
}

/** What is done each time: no state of the server tells that it was. */
export function step({ id, title, summary, kind = 'run', shell, irreversible, apply }: Step): Operation {
  let done = false;
  return {
    id,
    title,
    async observe() {
      if (done) return undefined;
      return {
        kind,
        summary,
        shell,
        ...(irreversible === undefined ? {} : { irreversible }),
        async apply(live) {
          await apply(live);
          done = true;
        },
      };
    },
  };
}
