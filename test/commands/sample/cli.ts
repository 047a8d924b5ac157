/**
 * The product's own command line over sample sections, as a program of its own: with signals, a terminal, exit codes.
 * STUDIO_SETUP_SAMPLE names the folder that it works in.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { hostPreconditions } from '../../../src/app/preconditions.ts';
import { main } from '../../../src/main.ts';
import { sampleProcedure } from './procedure.ts';
import { sampleSections } from './sections.ts';

const folder = process.env.STUDIO_SETUP_SAMPLE;
if (folder === undefined) throw new Error('STUDIO_SETUP_SAMPLE is not set');

const sections = sampleSections(folder);

void main(process.argv.slice(2), {
  version: '1.2.3',
  paths: {
    state: path.join(folder, 'state'),
    copies: path.join(folder, 'copies'),
    log: path.join(folder, 'log'),
    lock: path.join(folder, 'lock'),
  },
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
  ],
  // The machine that runs the tests need not be a server; what a server must be is tested where it is decided.
  preconditions: existsSync(path.join(folder, 'strict')) ? hostPreconditions : () => {},
}).then((code) => {
  process.exitCode = code;
});
