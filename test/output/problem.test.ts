import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { expect, test } from 'vitest';
import { problemOf } from '../../src/output/problem.ts';

/** What Node makes of a refused call (lib/internal/errors.js, UVException). */
function refused(code: string, path: string | undefined): NodeJS.ErrnoException {
  const message = `${code}: words of the system, open${path === undefined ? '' : ` '${path}'`}`;
  const error = Object.assign(new Error(message), { code, syscall: 'open', errno: -1 });
  return path === undefined ? error : Object.assign(error, { path });
}

test.each(Object.keys(constants.errno))(
  '%s is told with its file and its code, and without a stack',
  (code) => {
    const { what, remedy, detail } = problemOf(refused(code, '/etc/a'));
    expect(what).toContain('/etc/a');
    expect(what).toContain(code);
    expect(remedy).toMatch(/then run the same command again: it resumes from here\.$/);
    expect(remedy).not.toContain('PATH');
    expect(detail).toBeUndefined();
  },
);

test('of an open file no path is known', () => {
  expect(problemOf(refused('ENOSPC', undefined)).what).toBe(
    'The disk is full: an open file (ENOSPC from open).',
  );
});

test("Node's own errors of a file and of a connection are such", async () => {
  const ofFile = await readFile('/nothing/there').catch((error: unknown) => error);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  connect({ host: '127.0.0.1', port: 1 }).once('error', resolve);
  for (const error of [ofFile, await promise]) {
    const { code, errno } = error as NodeJS.ErrnoException;
    expect(getSystemErrorName(errno ?? 0)).toBe(code);
    const { what, detail } = problemOf(error);
    expect([what.includes(code ?? ''), detail]).toEqual([true, undefined]);
  }
});

test('what nobody foresaw has its place in the code, for a report', () => {
  const { remedy, detail } = problemOf(new TypeError('x is not a function'));
  expect(remedy).toMatch(/^Unexpected error\./);
  expect(detail?.[0]).toMatch(/^\s+at /);
});
