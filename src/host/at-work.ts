import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeOwnFolder } from './own-folder.ts';

/** Root's record of the programs that a run has at work, below the state folder: a file for each, named by its process. */
function recordOf(state: string): string {
  return path.join(state, 'at-work');
}

/**
 * Notes a program that was just started, so that a later run knows it should this process be killed meanwhile. Synchronous:
 * between the start and the note lie microseconds.
 * @param state the state folder, which is root's alone (0700): nobody else can put a process into the record
 * @returns what takes it out of the record again
 */
export function noteAtWork(state: string, pid: number): () => void {
  const file = path.join(recordOf(state), String(pid));
  try {
    makeOwnFolder(path.dirname(file));
    writeFileSync(file, identityOf(pid) ?? '', { mode: 0o600 });
  } catch {
    // No room for it, say. Root's own programs are known by their mark too, and the change itself will say what is wrong.
  }
  return () => rmSync(file, { force: true });
}

/** @returns the processes in the record that still are at work; what has ended leaves the record */
export function stillAtWork(state: string): readonly number[] {
  return names(recordOf(state)).flatMap((name) => {
    const file = path.join(recordOf(state), name);
    const pid = Number(name);
    const identity = identityOf(pid);
    if (identity !== undefined && identity === readFileSync(file, 'utf8')) return [pid];
    rmSync(file, { force: true });
    return [];
  });
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * What tells a process from a later one of the same number: this boot, and when it was started in ticks since then (proc(5),
 * /proc/PID/stat, field 22). The second field, its name, may hold blanks and parentheses.
 */
function identityOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const started = fields[19];
    // A zombie has ended, and waits for its parent to take notice.
    return started === undefined || fields[0] === 'Z' ? undefined : `${boot} ${started}`;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
