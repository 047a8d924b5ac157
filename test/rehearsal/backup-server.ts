import { must } from './process.ts';
import type { Sandbox } from './sandbox.ts';

/** Where backups go by SFTP: another machine, which stays when the host is replaced by a bare one. */
export class BackupServer {
  /** Of a folder there, as restic names it. */
  readonly repository = 'sftp:backups@git.example.test:studio';
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Lets the holder of a key in. The key is a line of `authorized_keys`. */
  async admitKey(publicKey: string): Promise<void> {
    const script = 'printf "%s\\n" "$1" >> /run/rehearsal/internet/backup_keys';
    await must(this.#sandbox.inside(['sh', '-e', '-c', script, 'sh', publicKey.trim()]));
  }
}
