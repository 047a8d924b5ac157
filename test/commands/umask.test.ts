import { afterEach, expect, test, vi } from 'vitest';
import { HOST_PATHS } from '../../src/app/product.ts';
import { main } from '../../src/main.ts';

afterEach(() => vi.restoreAllMocks());

// neighbours.md 1: root's own umask made folders that nginx's account could not enter.
test.each([0o077, 0o027, 0o002])('files are made under 022, whatever the shell says (%o)', async (umask) => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const before = process.umask(umask);
  try {
    await main(['--version'], {
      version: '1',
      paths: HOST_PATHS,
      sections: async () => [],
      checks: async () => [],
      procedures: async () => [],
      preconditions: () => {},
    });
    expect(process.umask()).toBe(0o022);
  } finally {
    process.umask(before);
  }
});
