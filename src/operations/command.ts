import type { Change, Later, Operation } from '../engine/operation.ts';
import type { Host, LiveHost } from '../host/host.ts';

export interface Command
  extends Pick<
    Operation,
    'id' | 'title' | 'after' | 'covers' | 'departure' | 'script' | 'downloads' | 'early'
  > {
  /** @returns what is missing, in words; `undefined` when it was done; or that it can't be told yet. */
  readonly missing: (host: Host) => Promise<string | { readonly later: string } | undefined>;
  readonly shell: readonly string[];
  readonly irreversible?: string;
  readonly restarts?: readonly string[];
  readonly touches?: readonly string[];
  readonly removes?: readonly string[];
  readonly apply: (host: LiveHost) => Promise<void>;
}

/** A command that has a way to tell that it was done. */
export function command(wanted: Command): Operation {
  return {
    id: wanted.id,
    title: wanted.title,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    ...(wanted.script ? { script: wanted.script } : {}),
    ...(wanted.downloads ? { downloads: wanted.downloads } : {}),
    ...(wanted.early ? { early: wanted.early } : {}),
    async observe(host): Promise<Change | Later | undefined> {
      const missing = await wanted.missing(host);
      if (missing === undefined) return undefined;
      if (typeof missing !== 'string') {
        const { title: summary, shell, touches = [] } = wanted;
        return { later: missing.later, summary, shell, touches };
      }
      return {
        kind: 'run',
        summary: `${wanted.title}: ${missing}`,
        shell: wanted.shell,
        ...(wanted.irreversible === undefined ? {} : { irreversible: wanted.irreversible }),
        ...(wanted.restarts === undefined ? {} : { restarts: wanted.restarts }),
        ...(wanted.touches === undefined ? {} : { touches: wanted.touches }),
        ...(wanted.removes === undefined ? {} : { removes: wanted.removes }),
        apply: wanted.apply,
      };
    },
  };
}

/** A requirement: it is met, or the run does not begin. */
export interface Requirement extends Pick<Operation, 'id' | 'title' | 'after' | 'covers'> {
  /** @throws ProblemError when it is not met. */
  readonly check: (host: Host) => Promise<void>;
}

export function requirement(wanted: Requirement): Operation {
  return {
    id: wanted.id,
    title: wanted.title,
    after: wanted.after ?? [],
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    async observe(host) {
      await wanted.check(host);
      return undefined;
    },
  };
}
