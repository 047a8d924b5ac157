import { masterKeyOf } from '../configs/meilisearch.ts';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { command } from '../operations/command.ts';
import { noLink } from '../operations/no-link.ts';
import { ProblemError } from '../output/problem.ts';
import type { Secret } from '../output/secret.ts';
import { MEILISEARCH_KEY_FILE, UNITS } from '../site/layout.ts';
import { SERVICES } from '../site/services.ts';

const UNIT = `${UNITS}/${SERVICES.meilisearch.unit}`;
const LINE = /^MEILI_MASTER_KEY=.*$/m;

/**
 * @returns the absolute path of the file that the master key stands in: its own, or, in a set-up that was made by hand
 *   as the document says, the unit. Nobody who only wants a new key wants it moved.
 */
export async function masterKeyPlace(host: Host): Promise<string> {
  return LINE.test((await host.read(MEILISEARCH_KEY_FILE)) ?? '') ? MEILISEARCH_KEY_FILE : UNIT;
}

/** The master key in the file that owns it; all else in that file stays as it is. */
export function masterKeyIn(wanted: { id: string; place: string; key: Secret }): Operation {
  const { place } = wanted;
  const rewritten = async (host: Host): Promise<{ text: string; changed: boolean }> => {
    await noLink(host, place, 'file');
    const text = (await host.read(place)) ?? '';
    const next = withMasterKey(place, text, wanted.key);
    if (place === UNIT ? masterKeyOf(text) === undefined : !LINE.test(text)) {
      throw new ProblemError({
        what: `${place} no longer holds the master key.`,
        remedy: 'Restore the line that sets MEILI_MASTER_KEY, then run again.',
      });
    }
    return { text: next, changed: next !== text };
  };
  return command({
    id: wanted.id,
    title: 'the master key',
    shell: [`editor ${place}  # MEILI_MASTER_KEY`],
    touches: [place],
    missing: async (host) => ((await rewritten(host)).changed ? place : undefined),
    // A unit made by hand stays the operator's: a later run must not take it for the product's own.
    apply: async (live) =>
      live.write(place, (await rewritten(live)).text, { secret: true, foreign: place === UNIT }),
  });
}

function line(key: Secret): string {
  return `MEILI_MASTER_KEY=${key.reveal()}`;
}

/**
 * @param file absolute path @param text what is, or was, in it
 * @returns the text with this key in the place of another one; the same when it is no file of the key, or has none
 */
export function withMasterKey(file: string, text: string, key: Secret): string {
  if (file === MEILISEARCH_KEY_FILE) return text.replace(LINE, () => line(key));
  const old = file === UNIT ? masterKeyOf(text) : undefined;
  return old === undefined ? text : text.replaceAll(old, () => key.reveal());
}
