import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface RepositoriesOptions {
  /** Leave out `deploy/`, as a later state of the site's repository does. */
  readonly withoutDeploy?: boolean;
  /** The branch that holds what is deployed; `production` when not given. */
  readonly branch?: string;
  /** The site as it was with a Python client that speaks to Meilisearch before 0.25 only (`site-older/`). */
  readonly olderClient?: boolean;
  /** The site as it is with a Python client that was released for Meilisearch 0.29 and later (`site-newer/`). */
  readonly newerClient?: boolean;
}

/** What poetry's lock says of the site's Meilisearch client, and of the others: version and SHA-256 of the wheel. */
const clients = {
  own: ['0.18.3', '4d67192c07bae42f7d9611a6f38805c7c531ee1bc6df8e6b28d827b88ce18ff0'],
  older: ['0.17.0', 'd2eab74065da15c9d8761bcd6039f2baf8329fb26c1105cd16fe2b6e0975cc3e'],
  newer: ['0.22.0', 'ba3c849cbd20d381c845cf7cc29daef062523268eba168f815f085e64bec1372'],
} as const;

/** What the newer client needs besides: name, version, the wheel and its SHA-256. */
const newerNeeds = [
  [
    'camel-converter',
    '3.1.2',
    'camel_converter-3.1.2-py3-none-any.whl',
    'eb390d299f810f22346bd261f936790e201ec7a1219c8d7b275184361fd6f214',
  ],
  [
    'pydantic',
    '1.10.24',
    'pydantic-1.10.24-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    'bed9d6eea5fabbc6978c42e947190c7bd628ddaff3b56fc963fe696c3710ccd6',
  ],
  [
    'typing-extensions',
    '4.15.0',
    'typing_extensions-4.15.0-py3-none-any.whl',
    'f0fa19c6845758ab08074a0cfa8b7aecb71c999ca73d62883bc25cc018c4e548',
  ],
] as const;

/** For the package index: pins of what a lock other than the site's own names. */
export const otherClients: readonly string[] = [
  `meilisearch==${clients.older[0]}`,
  `meilisearch==${clients.newer[0]}`,
  ...newerNeeds.map(([name, version]) => `${name}==${version}`),
];

/** Commits have fixed names and dates: the site's `poetry.lock` holds the hash of the dependency's one commit. */
const fixed = {
  GIT_AUTHOR_NAME: 'Rehearsal',
  GIT_AUTHOR_EMAIL: 'rehearsal@example.test',
  GIT_AUTHOR_DATE: '2022-05-02T10:00:00Z',
  GIT_COMMITTER_NAME: 'Rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@example.test',
  GIT_COMMITTER_DATE: '2022-05-02T10:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/**
 * Makes the two bare repositories that the rehearsal's host clones from, in a folder that is made when missing.
 *
 * - `studio-private.git`: the site's private dependency, branch `main`, one commit whose hash `poetry.lock` names.
 * - `blender-studio.git`: the site. Its default branch is `main`, which is one commit ahead of the deployed branch and
 *   says so in `studio/release.py`: a host that forgot to check out the deployed branch shows it on every page.
 *
 * Both can be cloned by path, and over plain http from a server of static files. Neither repository may exist yet.
 *
 * @throws {ExecaError} when git fails.
 */
export async function makeRepositories(folder: string, options: RepositoriesOptions = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const dependency = await repository(join(folder, 'studio-private.git'), 'site-dependency');
  await dependency.git('add', '--all');
  await dependency.commit('Money and subscriptions', 'main');
  await dependency.publish('main');

  const site = await repository(join(folder, 'blender-studio.git'), 'site');
  await site.git('add', '--all');
  if (options.withoutDeploy) await site.git('rm', '-r', '--quiet', '--cached', 'deploy');
  if (options.olderClient) {
    for (const [file, content] of await otherSite('older', '^0.17')) await site.replace(file, content);
  }
  if (options.newerClient) {
    for (const [file, content] of await newerSite()) await site.replace(file, content);
  }
  await site.commit('The site as it is deployed', options.branch ?? 'production');
  await site.replace('studio/release.py', "NAME = 'main'\n");
  await site.commit('Work on the next release', 'main');
  await site.publish('main');
}

async function otherSite(
  which: 'older' | 'newer',
  range: string,
): Promise<readonly (readonly [string, string])[]> {
  const read = (folder: string, file: string) => readFile(join(import.meta.dirname, folder, file), 'utf8');
  const [version, digest] = clients.own;
  const [other, otherDigest] = clients[which];
  const lock = (await read('site', 'poetry.lock'))
    .replace(`name = "meilisearch"\nversion = "${version}"`, `name = "meilisearch"\nversion = "${other}"`)
    .replace(`meilisearch-${version}-`, `meilisearch-${other}-`)
    .replace(digest, otherDigest);
  const project = (await read('site', 'pyproject.toml')).replace('"^0.18"', `"${range}"`);
  return [
    ['poetry.lock', lock],
    ['pyproject.toml', project],
    ['search/client.py', await read(`site-${which}`, 'search/client.py')],
  ];
}

/** What its client needs stands in the project itself: so poetry installs it, whatever the lock says of who needs it. */
async function newerSite(): Promise<readonly (readonly [string, string])[]> {
  return (await otherSite('newer', '^0.22')).map(([file, content]) => {
    if (file === 'pyproject.toml')
      return [
        file,
        newerNeeds.reduce(
          (text, [name, version]) => text.replace('meilisearch =', `${name} = "${version}"\nmeilisearch =`),
          content,
        ),
      ];
    if (file !== 'poetry.lock') return [file, content];
    const packages = newerNeeds.map(
      ([name, version]) =>
        `[[package]]\nname = "${name}"\nversion = "${version}"\ndescription = ""\ncategory = "main"\noptional = false\npython-versions = "*"\n\n[package.source]\ntype = "legacy"\nurl = "http://pypi.example.test/simple"\nreference = "index"\n\n`,
    );
    const files = newerNeeds.map(
      ([name, , wheel, digest]) => `${name} = [\n    {file = "${wheel}", hash = "sha256:${digest}"},\n]\n`,
    );
    return [
      file,
      content
        .replace('[metadata]\n', `${packages.join('')}[metadata]\n`)
        .replace('[metadata.files]\n', `[metadata.files]\n${files.join('')}`),
    ];
  });
}

async function repository(path: string, source: string) {
  const tree = join(import.meta.dirname, source);
  const run = async (args: readonly string[], input = '') => {
    const options = { env: fixed, input };
    return (await execa('git', [`--git-dir=${path}`, `--work-tree=${tree}`, ...args], options)).stdout;
  };
  const git = (...args: readonly string[]) => run(args);
  await execa('git', ['init', '--quiet', '--bare', '--template=', path], { env: fixed });
  let parent: string | undefined;
  return {
    git,
    /** Stages other content for a file than the source folder has. */
    replace: async (file: string, content: string) => {
      const blob = await run(['hash-object', '-w', '--stdin'], content);
      await git('update-index', '--cacheinfo', `100644,${blob},${file}`);
    },
    /** Commits what is staged on top of the last commit, and lets a branch name it. */
    commit: async (message: string, branch: string) => {
      const staged = await git('write-tree');
      const parents = parent === undefined ? [] : ['-p', parent];
      parent = await git('commit-tree', ...parents, '-m', message, staged);
      await git('update-ref', `refs/heads/${branch}`, parent);
    },
    /** Names the default branch, and writes the files that a clone over plain http asks for. */
    publish: async (branch: string) => {
      await git('symbolic-ref', 'HEAD', `refs/heads/${branch}`);
      await git('repack', '-a', '-d', '--quiet');
      await git('update-server-info');
    },
  };
}
