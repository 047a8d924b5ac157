import type { FileStatus, Host, HttpAnswer, ProgramResult } from '../../src/host/host.ts';

/** A host that has what it is given, and nothing else. */
export interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly hints?: Readonly<Record<string, string>>;
  readonly programs?: (argv: readonly string[]) => Partial<ProgramResult> | undefined;
  readonly answers?: (url: string) => Partial<HttpAnswer> | undefined;
}

export function hostWith(given: Given): Host & { readonly warnings: string[] } {
  const { files = {}, hints = {} } = given;
  const status = (type: FileStatus['type']): FileStatus => ({
    type,
    mode: 0o755,
    owner: 'root',
    group: 'root',
    size: 1,
    modified: 0,
  });
  const warnings: string[] = [];
  return {
    warnings,
    query: async (argv) => ({ code: 127, stdout: '', stderr: '', ...given.programs?.(argv) }),
    read: async (path) => files[path],
    bytes: async (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
    status: async (path) => {
      if (path in files) return status('file');
      return path === '/' || Object.keys(files).some((each) => each.startsWith(`${path}/`))
        ? status('directory')
        : undefined;
    },
    list: async (path) =>
      Object.keys(files)
        .filter((each) => each.startsWith(`${path}/`))
        .map((each) => each.slice(path.length + 1)),
    request: async (url) => ({ status: 0, headers: {}, body: '', ...given.answers?.(url) }),
    once: (_, compute) => compute(),
    willChange: () => false,
    written: async () => undefined,
    mayOverwrite: () => false,
    warn: (message) => void warnings.push(message),
    hint: (name) => hints[name],
  };
}
