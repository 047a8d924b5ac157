import { loadavg } from 'node:os';
import type { Link } from '../rehearsal/recipe.ts';
import { criticalPath, needsOfProduct, type Span, spansOf } from './critical-path.ts';
import { product, prove, putDocument, putProduct, unattended, withFreshHost } from './fresh-host.ts';
import { outputFile, type Sample, sample } from './sample.ts';

/** Ways to bring a bare host to the running site. */
export const ways = {
  document: 'the document, typed one command after the other',
  product: 'studio-setup run',
  'one at a time': 'studio-setup run --jobs 1',
} as const;
export type Way = keyof typeof ways;

export interface Install extends Pick<Sample, 'seconds' | 'cpu' | 'peakKb'> {
  readonly way: Way;
  /** How many processes wanted a processor on the machine when it began, over the last minute: what else was going on. */
  readonly load: number;
  /** The operations that decided the time; none for the document. */
  readonly path: readonly Span[];
}

/**
 * Installs the site on a fresh host, and has the host prove that it is up.
 * @param executable path of the product
 * @param link between the host and its internet; as fast as memory when not given
 * @throws {Error} when the installation fails, or a proof does
 */
export function install(way: Way, executable: string, link?: Link): Promise<Install> {
  return withFreshHost(async (host) => {
    if (way !== 'document') await putProduct(host, executable);
    const { argv, env } = way === 'document' ? await putDocument(host) : { argv: productArgv(way), env: {} };
    const load = loadavg()[0] ?? 0;
    const { seconds, cpu, peakKb } = await sample(host, argv, { env, interval: 0.05 });
    const spans = way === 'document' ? [] : spansOf(await host.read(outputFile));
    await prove(host);
    return { way, load, seconds, cpu, peakKb, path: criticalPath(spans, needsOfProduct()) };
  }, link);
}

function productArgv(way: Way): string[] {
  return [...product, 'run', ...unattended, '--json', ...(way === 'one at a time' ? ['--jobs', '1'] : [])];
}
