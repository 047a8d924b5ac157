import { createHash } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import type { Departure, Observation, Operation } from '../../../src/engine/operation.ts';
import type { Secret } from '../../../src/output/secret.ts';

export interface TextFile {
  readonly id: string;
  readonly path: string;
  readonly content: string;
  readonly secret?: Secret;
  /** A second one, at the end. */
  readonly more?: Secret | undefined;
  readonly after?: readonly string[];
  readonly departure?: Departure;
  /** Can't be told before this path exists or will. */
  readonly needsPath?: string;
}

/** A whole file, compared three ways as the product's own file operation does. */
export function textFile(file: TextFile): Operation {
  const wanted = `${file.content}${file.secret ? `secret=${file.secret.reveal()}\n` : ''}${file.more ? `${file.more.reveal()}\n` : ''}`;
  const shell = [`install -m 644 /dev/stdin ${file.path}`];
  return {
    id: file.id,
    script: shell,
    title: `write ${file.path.split('/').at(-1)}`,
    ...(file.after ? { after: file.after } : {}),
    ...(file.departure ? { departure: file.departure } : {}),
    async observe(host): Promise<Observation> {
      if (file.needsPath !== undefined && host.willChange(file.needsPath)) {
        return { later: `after ${file.needsPath.split('/').at(-1)}`, summary: file.path, shell };
      }
      const found = await host.read(file.path);
      if (found === wanted) return undefined;
      const diff = createTwoFilesPatch(file.path, file.path, found ?? '', wanted);
      const record = await host.written(file.path);
      const sum = found === undefined ? undefined : createHash('sha256').update(found).digest('hex');
      const untouched = sum === undefined || record?.sha256 === sum || record?.before === sum;
      return {
        kind: found === undefined ? 'create' : 'update',
        summary: file.path,
        diff,
        shell,
        touches: [file.path],
        ...(untouched || host.mayOverwrite(file.path) ? {} : { conflict: { path: file.path, diff } }),
        apply: (live) => live.write(file.path, wanted, { mode: 0o600, secret: file.secret !== undefined }),
      };
    },
  };
}

/** A program that leaves a mark when it has ended. */
export function program(
  id: string,
  mark: string,
  argv: readonly string[],
  after?: readonly string[],
): Operation {
  return {
    id,
    script: [argv.join(' ')],
    title: `run ${argv[0]}`,
    ...(after ? { after } : {}),
    async observe(host) {
      if ((await host.status(mark)) !== undefined) return undefined;
      return {
        kind: 'run',
        summary: argv.join(' ').slice(0, 60),
        shell: [argv.join(' ')],
        async apply(live) {
          await live.run(argv);
          await live.write(mark, 'done\n');
        },
      };
    },
  };
}
