import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { must } from './operator.ts';

/** System calls by which a process comes to be, changes its account, or becomes a program. */
const CALLS = 'execve,execveat,clone,clone3,fork,vfork,setuid,setreuid,setresuid';
const TRACE = '/root/trace';

/**
 * Runs a command on the host under strace.
 * @returns the programs that were started with the account 0, each once, and how the command ended
 */
export async function rootExecs(
  host: Rehearsal,
  argv: readonly string[],
): Promise<{ readonly programs: readonly string[]; readonly code: number; readonly said: string }> {
  const { code, stdout, stderr } = await host.exec([
    'strace',
    '-f',
    '-qq',
    '-e',
    `trace=${CALLS}`,
    '-o',
    TRACE,
    ...argv,
  ]);
  return { programs: startedAsRoot(await host.read(TRACE)), code, said: `${stdout}\n${stderr}` };
}

/**
 * @param trace what `strace -f -o FILE` wrote: a process, a call, its result; one that was interrupted stands in two lines
 *   (strace(1), "unfinished", "resumed")
 */
function startedAsRoot(trace: string): readonly string[] {
  const lines = trace.split('\n').flatMap((line) => {
    const [, pid = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    return pid === '' ? [] : [{ pid, call }];
  });
  const parents = new Map<string, string>();
  for (const { pid, call } of lines) {
    const child = /^(?:clone3?|v?fork)\(.* = (\d+)$|^<\.\.\. (?:clone3?|v?fork) resumed>.* = (\d+)$/.exec(
      call,
    );
    if (child) parents.set(child[1] ?? child[2] ?? '', pid);
  }
  const accounts = new Map<string, string>();
  const accountOf = (pid: string): string => {
    const parent = parents.get(pid);
    return accounts.get(pid) ?? (parent === undefined ? '0' : accountOf(parent));
  };
  const begun = new Map<string, string>();
  const programs = new Set<string>();
  for (const { pid, call } of lines) {
    const account = /^set(?:re|res)?uid\((?:-?\d+, )?(\d+)/.exec(call)?.[1];
    if (account !== undefined) accounts.set(pid, account);
    const program = /^execve(?:at)?\((?:AT_FDCWD, )?"([^"]+)"/.exec(call)?.[1] ?? begun.get(pid);
    if (program === undefined || !/^(execve|<\.\.\. execve)/.test(call)) continue;
    if (call.endsWith('<unfinished ...>')) begun.set(pid, program);
    else if (/ = 0$/.test(call) && accountOf(pid) === '0') programs.add(program);
  }
  return [...programs];
}

/** @returns of these programs those that www-data could replace: it can write to the file, or to a folder on the way to it */
export async function replaceable(host: Rehearsal, programs: readonly string[]): Promise<readonly string[]> {
  const script = `
    for program; do
      for at in "$program" "$(realpath "$program")"; do
        while [ "$at" != / ]; do
          if [ -w "$at" ]; then echo "$program"; fi
          at=$(dirname "$at")
        done
      done
    done | sort -u`;
  const said = await must(host, ['sh', '-euc', script, 'sh', ...programs], { user: 'www-data' });
  return said.split('\n').filter(Boolean);
}
