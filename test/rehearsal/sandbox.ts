import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { must } from './process.ts';
import { type Link, type Machine, nameServerAddress, services } from './recipe.ts';

/** The namespaces that hold one rehearsal. Nothing of it can outlive them, and they end with this process. */
export interface Sandbox {
  /** The machine's number for the first process inside. */
  readonly pid: number;
  /** Names the control group of the rehearsal on the machine. */
  readonly group: string;
  /** The command that runs another one among the rehearsal's processes and mounts, in the machine's file system. */
  inside(argv: readonly string[]): string[];
  /** The same, in the network of the rehearsal's internet. */
  online(argv: readonly string[]): string[];
  /**
   * Gives a guest its network card, and connects it with the internet.
   * @param link with the folder of the programs that delay its packets; as fast as memory when not given
   */
  connect(machine: Machine, link?: Link & { readonly programs: string }): Promise<void>;
  /** Ends everything, and resolves when nothing is left. */
  end(): Promise<void>;
}

/**
 * Opens the namespaces with the internet's network up and nothing running in it.
 * @throws {Error} with what the kernel or `ip` said, when it refuses
 */
export async function openSandbox(): Promise<Sandbox> {
  const group = `studio-rehearsal-${process.pid}-${randomBytes(3).toString('hex')}`;
  const script = (name: string) => join(import.meta.dirname, name);
  const argv = [script('supervisor.sh'), group, 'sh', script('sandbox.sh')];
  const env = {
    ...process.env,
    NAME_SERVER: nameServerAddress,
    SERVICES: Object.values(services).join(' '),
  };
  // Detached: Ctrl-C in the terminal reaches this process, which ends the rehearsal in its own order.
  const supervisor = spawn('sh', argv, { env, detached: true, stdio: 'pipe' });
  const pid = await firstProcess(supervisor);
  // The pipe, not this process's event loop, is what keeps a rehearsal alive.
  supervisor.unref();
  for (const pipe of supervisor.stdio) (pipe as unknown as { unref?(): void } | null)?.unref?.();

  const inside = (argv: readonly string[]) => [
    'nsenter',
    `--target=${pid}`,
    '--mount',
    '--pid',
    '--',
    ...argv,
  ];
  return {
    pid,
    group,
    inside,
    online: (argv) => inside(['nsenter', '--net=/run/netns/internet', '--', ...argv]),
    connect: async ({ name, address, router, address6, router6 }, link) => {
      const slow = link ? [link.programs, String(link.mbit), String(link.roundTripMs / 2)] : [];
      await must(inside(['sh', script('cable.sh'), name, address, router, address6, router6, ...slow]));
    },
    end: async () => {
      if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
      supervisor.ref();
      const ended = once(supervisor, 'exit');
      supervisor.stdin?.end();
      await ended;
    },
  };
}

async function firstProcess(
  supervisor: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream },
) {
  let said = '';
  supervisor.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  for await (const line of createInterface({ input: supervisor.stdout })) return Number(line);
  throw new Error(`The rehearsal's namespaces could not be set up:\n${said.trim()}`);
}
