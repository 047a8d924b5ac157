import { hostPreconditions } from './app/preconditions.ts';
import { HOST_PATHS } from './app/product.ts';
import { productVersion } from './app/version.ts';
import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2), {
  version: productVersion(),
  paths: HOST_PATHS,
  sections: async () => (await import('../steps/index.ts')).sections,
  checks: async () => (await import('./checks/index.ts')).checks,
  procedures: async () => (await import('./procedures/index.ts')).procedures,
  preconditions: hostPreconditions,
});
