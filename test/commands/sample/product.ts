import { existsSync } from 'node:fs';
import path from 'node:path';
import { hostPreconditions } from '../../../src/app/preconditions.ts';
import type { Product } from '../../../src/app/product.ts';
import type { Section } from '../../../src/engine/section.ts';
import { sampleProcedure, sampleUpdate } from './procedure.ts';

/** The product's own files, all in one folder. */
export function pathsIn(folder: string): Product['paths'] {
  return {
    state: path.join(folder, 'state'),
    copies: path.join(folder, 'copies'),
    log: path.join(folder, 'log'),
    lock: path.join(folder, 'lock'),
  };
}

/** The product over sections that work in one folder, where its own files are, too. */
export function sampleProduct(folder: string, sections: readonly Section[]): Product {
  return {
    version: '1.2.3',
    paths: pathsIn(folder),
    sections: async () => sections,
    checks: async () => [
      {
        id: 'settings-there',
        title: 'The settings are there',
        asks: 'Looks for settings.conf.',
        means: 'The site has no settings.',
        fixes: ['site'],
        async run(host) {
          return (await host.status(path.join(folder, 'settings.conf')))
            ? { ok: true, said: 'settings.conf' }
            : {
                ok: false,
                said: 'There is no settings.conf.',
                remedy: 'studio-setup run site',
                fixes: ['site'],
              };
        },
      },
    ],
    procedures: async () => [
      sampleProcedure(folder, 'rotate meilisearch-key', 'other'),
      sampleProcedure(folder, 'rotate secret-key', 'value'),
      sampleUpdate(folder),
    ],
    // How long it is, test/app/watch-round.test.ts says.
    pause: async () => {},
    // The machine that runs the tests need not be a server; what a server must be is tested where it is decided.
    preconditions: existsSync(path.join(folder, 'strict')) ? hostPreconditions : () => {},
  };
}

/** @returns the folder that the program under test was told to work in */
export function sampleFolder(): string {
  const folder = process.env.STUDIO_SETUP_SAMPLE;
  if (folder === undefined) throw new Error('STUDIO_SETUP_SAMPLE is not set');
  return folder;
}
