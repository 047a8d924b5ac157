import { Buffer } from 'node:buffer';

/** What every entry of a file system has. Owners are names: an account that has none stands there as its number. */
interface Rights {
  mode: number;
  owner: string;
  group: string;
  /** Milliseconds since the epoch. */
  modified: number;
}

interface FileEntry extends Rights {
  readonly type: 'file';
  bytes: Buffer;
}
export interface FolderEntry extends Rights {
  readonly type: 'directory';
}
interface LinkEntry extends Rights {
  readonly type: 'link';
  readonly target: string;
}
interface SocketEntry extends Rights {
  readonly type: 'socket';
}
export type Entry = FileEntry | FolderEntry | LinkEntry | SocketEntry;

/** How a table of tests writes an entry: a text is root's file with mode 0644. */
export type Given =
  | string
  | {
      readonly text?: string | Uint8Array;
      readonly link?: string;
      readonly folder?: true;
      readonly socket?: true;
      readonly mode?: number;
      readonly owner?: string;
      readonly group?: string;
      /** Milliseconds since the epoch; now when absent. */
      readonly modified?: number;
    };

/** @param now milliseconds since the epoch */
export function entryOf(given: Given, now: number): Entry {
  const { text, link, folder, socket, ...rest } = typeof given === 'string' ? { text: given } : given;
  const owner = rest.owner ?? 'root';
  const rights = (mode: number): Rights => ({
    mode: rest.mode ?? mode,
    owner,
    group: rest.group ?? (owner === 'nobody' ? 'nogroup' : owner),
    modified: rest.modified ?? now,
  });
  // symlink(7): the mode of a link is always 0777.
  if (link !== undefined) return { type: 'link', target: link, ...rights(0o777) };
  if (folder) return { type: 'directory', ...rights(0o755) };
  if (socket) return { type: 'socket', ...rights(0o755) };
  return { type: 'file', bytes: Buffer.from(text ?? ''), ...rights(0o644) };
}

/** The kernel's words, as libuv and the coreutils say them. */
const WORDS = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EISDIR: 'illegal operation on a directory',
  ENOTEMPTY: 'directory not empty',
  ELOOP: 'too many symbolic links encountered',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EEXIST: 'file already exists',
  ENOSPC: 'no space left on device',
  EIO: 'i/o error',
  EROFS: 'read-only file system',
  ENXIO: 'no such device or address',
} as const;
export type ErrorCode = keyof typeof WORDS;

/** strerror(3), where it differs from libuv by more than its capital. */
const STRERROR: Partial<Record<ErrorCode, string>> = {
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EEXIST: 'File exists',
  EIO: 'Input/output error',
};

/** @returns what a coreutils program says of an error */
export function strerror(code: ErrorCode): string {
  return STRERROR[code] ?? WORDS[code].replace(/^./, (first) => first.toUpperCase());
}

/** An error as Node's fs throws it. */
export class SystemError extends Error {
  readonly code: ErrorCode;
  readonly path: string;
  readonly syscall: string;

  constructor(code: ErrorCode, syscall: string, path: string) {
    super(`${code}: ${WORDS[code]}, ${syscall} '${path}'`);
    this.code = code;
    this.path = path;
    this.syscall = syscall;
  }
}
