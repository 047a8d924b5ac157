import type { Operation } from '../engine/operation.ts';
import { quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';
import type { Tested } from './file.ts';

export interface Link extends Pick<Operation, 'id' | 'after' | 'covers'> {
  readonly path: string;
  readonly target: string;
  /** Makes the change, and may take it back: {@link nginxTested}. */
  readonly tested?: Tested;
}

/** A symbolic link of root's. A file of the operator's in its place stays, and is said. */
export function link(wanted: Link): Operation {
  const shell = [`ln -sfnT ${quote(wanted.target)} ${quote(wanted.path)}`];
  return {
    id: wanted.id,
    script: shell,
    title: wanted.path,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    async observe(host) {
      const status = await host.status(wanted.path);
      if (status?.type === 'link' && status.target === wanted.target) return undefined;
      if (status && status.type !== 'link') {
        throw new ProblemError({
          what: `${wanted.path} is a ${status.type}, but should be a link to ${wanted.target}.`,
          remedy: `Compare the two and move yours away (mv ${quote(wanted.path)} /root/), then run again.`,
        });
      }
      return {
        kind: status ? 'update' : 'create',
        summary: `${wanted.path} → ${wanted.target}`,
        shell,
        touches: [wanted.path],
        apply: (live) => {
          const change = () => live.link(wanted.target, wanted.path);
          const back = () =>
            status?.target === undefined ? live.remove(wanted.path) : live.link(status.target, wanted.path);
          return wanted.tested === undefined ? change() : wanted.tested(live, wanted.path, change, back);
        },
      };
    },
  };
}
