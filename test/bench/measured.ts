import { type Results, took } from './results.ts';

const FIGURES = /\{ ms: [\d_]+, processors: \d+ \}/;

/**
 * @param module the text of src/app/measured-install.ts
 * @param processors of this machine
 * @returns it with the median installation, as the page of the benchmark has it
 * @throws Error when there is no place for the figures in it
 */
export function withMeasured(module: string, { installs }: Results, processors: number): string {
  if (!FIGURES.test(module)) throw new Error('src/app/measured-install.ts has no figures to replace.');
  // As the page rounds it: a test compares the two.
  const ms = Math.round(Number(took(installs, 'product').toFixed(1)) * 1000);
  const grouped = String(ms).replace(/(\d)(?=(\d{3})+$)/g, '$1_');
  return module.replace(FIGURES, `{ ms: ${grouped}, processors: ${processors} }`);
}
