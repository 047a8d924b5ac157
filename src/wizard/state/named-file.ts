import type { Problem } from '../../output/problem.ts';

/** An absolute path as it stands in a text; not the path of an address, and no dot that ends the sentence. */
const PATHS = /(?<![\w/:.~-])\/(?:[\w@+-][\w.@+-]*\/)*[\w@+-](?:[\w.@+-]*[\w@+-])?/g;
/** Programs, devices and the product's own records: nothing that an editor would fix. */
const NOT_MENDED =
  /^\/(usr\/)?(s?bin|lib)\/|^\/(dev|proc|sys|run|var\/log|var\/lib\/studio-setup|var\/backups)\//;

/** @returns the file that a problem is about, so that an editor can be opened on it; `undefined` when it names none */
export function namedFile({ what, detail = [], remedy, command = '' }: Problem): string | undefined {
  const texts = [what, ...detail, remedy, command];
  return texts
    .flatMap((text) => text.match(PATHS) ?? [])
    .find((path) => !NOT_MENDED.test(path) && /\.[a-z]+$|\/(sites-(enabled|available)|cron\.d)\//.test(path));
}
