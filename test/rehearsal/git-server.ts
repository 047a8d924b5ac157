import { must } from './process.ts';
import type { Sandbox } from './sandbox.ts';

/** Inside the sandbox: the folder of the bare repositories, and beside it the ssh server's files (`ssh.sh`). */
export const gitFolder = '/run/rehearsal/internet/git';

/** The server that the site is cloned from, by https, http and ssh. */
export class GitServer {
  /** The site's repository; the private dependency's, `studio-private.git`, lies beside it. */
  readonly url = 'https://git.example.test/blender-studio.git';
  /** The same by ssh, for the keys that `admitKey` was told of. The document's own address leads there as well. */
  readonly sshUrl = 'git@git.example.test:blender-studio.git';
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Asks for a login by http before giving out a repository, `studio-private.git` for one. */
  async refuse(repository: string): Promise<void> {
    await this.#shell('touch "git/$1/refused"', repository);
  }

  /** Lets everybody read a repository again. */
  async admit(repository: string): Promise<void> {
    await this.#shell('rm -f "git/$1/refused"', repository);
  }

  /** Lets the holder of a deploy key clone by ssh; every other key is refused. The key is a line of `authorized_keys`. */
  async admitKey(publicKey: string): Promise<void> {
    await this.#shell('printf "%s\\n" "$1" >> authorized_keys', publicKey.trim());
  }

  /** The server's host key as a line of `known_hosts`. */
  async hostKey(): Promise<string> {
    const key = await this.#shell('cut -d" " -f1,2 host_key.pub');
    return `git.example.test,git.blender.org ${key.trim()}`;
  }

  /** Runs git in a bare repository, to add a commit that the host can pull, for one. Gives its standard output. */
  run(repository: string, args: readonly string[], input = ''): Promise<string> {
    return must(this.#sandbox.inside(['git', '-C', `${gitFolder}/${repository}`, ...args]), { input });
  }

  #shell(script: string, ...args: readonly string[]): Promise<string> {
    return must(this.#sandbox.inside(['sh', '-e', '-c', `cd ${gitFolder}/..; ${script}`, 'sh', ...args]));
  }
}
