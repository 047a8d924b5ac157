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

  /**
   * Puts a commit on top of a branch of the site.
   * @param files path → its text from then on; `null` takes it away
   * @returns the commit
   */
  async commit(
    message: string,
    files: Readonly<Record<string, string | null>>,
    branch = 'production',
  ): Promise<string> {
    const site = 'blender-studio.git';
    const git = (...args: readonly string[]) => this.run(site, args).then((said) => said.trim());
    await git('read-tree', branch);
    for (const [file, text] of Object.entries(files)) {
      if (text === null) {
        await git('update-index', '--force-remove', file);
        continue;
      }
      const blob = (await this.run(site, ['hash-object', '-w', '--stdin'], text)).trim();
      await git('update-index', '--add', '--cacheinfo', `100644,${blob},${file}`);
    }
    const author = ['-c', 'user.name=Rehearsal', '-c', 'user.email=rehearsal@example.test'];
    const made = await git(...author, 'commit-tree', '-p', branch, '-m', message, await git('write-tree'));
    await git('update-ref', `refs/heads/${branch}`, made);
    await git('update-server-info');
    return made;
  }

  #shell(script: string, ...args: readonly string[]): Promise<string> {
    return must(this.#sandbox.inside(['sh', '-e', '-c', `cd ${gitFolder}/..; ${script}`, 'sh', ...args]));
  }
}
