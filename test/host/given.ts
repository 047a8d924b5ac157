import type { FileStatus, Host, HttpAnswer, HttpOptions, ProgramResult } from '../../src/host/host.ts';

export interface Given {
  /** Path → text; a link is written `→ TARGET`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Output of a program by the beginning of its command line; the longest that fits. Absent: there is no such program. */
  readonly programs?: Readonly<Record<string, string | Partial<ProgramResult>>>;
  readonly web?: (url: string, options: HttpOptions) => Partial<HttpAnswer>;
}

const LINK = '→ ';

/** A host that can only be read, with just what is given. */
export function given({ files = {}, programs = {}, web }: Given): Host & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const read = async (path: string): Promise<string | undefined> => {
    const text = files[path];
    return text?.startsWith(LINK) ? read(text.slice(LINK.length)) : text;
  };
  const facts = new Map<string, Promise<unknown>>();
  return {
    warnings,
    async query(argv) {
      const line = argv.join(' ');
      const [found] = Object.keys(programs)
        .filter((each) => line.startsWith(each))
        .sort((a, b) => b.length - a.length);
      const answer = found === undefined ? { code: 127 } : (programs[found] ?? '');
      return {
        code: 0,
        stdout: '',
        stderr: '',
        ...(typeof answer === 'string' ? { stdout: answer } : answer),
      };
    },
    read,
    bytes: async (path) => {
      const text = await read(path);
      return text === undefined ? undefined : Buffer.from(text);
    },
    async status(path): Promise<FileStatus | undefined> {
      const text = files[path];
      const common = { mode: 0o755, owner: 'root', group: 'root', size: 0, modified: 0 };
      if (text?.startsWith(LINK)) return { ...common, type: 'link', target: text.slice(LINK.length) };
      if (text !== undefined) return { ...common, type: 'file' };
      const isFolder = Object.keys(files).some((file) => file.startsWith(`${path}/`));
      return isFolder ? { ...common, type: 'directory' } : undefined;
    },
    async list(path) {
      const inside = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      return [...new Set(inside.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''))].sort();
    },
    async request(url, options = {}) {
      return { status: 0, headers: {}, body: '', ...web?.(url, options) };
    },
    once<T>(key: string, compute: () => Promise<T>) {
      const known = facts.get(key);
      if (known !== undefined) return known as Promise<T>;
      const computed = compute();
      facts.set(key, computed);
      computed.catch(() => facts.delete(key));
      return computed;
    },
    willChange: () => false,
    written: async () => undefined,
    mayOverwrite: () => false,
    warn: (message) => void warnings.push(message),
    hint: () => undefined,
  };
}
