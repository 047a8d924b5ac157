import type { ProgramResult } from '../../src/host/host.ts';
import { PYTHONS, SYSTEM_PYTHON, UV, UV_FOLDER, UV_REQUIREMENT } from '../../src/site/python.ts';
import type { FakeHost } from '../host/fake/fake-host.ts';
import { type Call, when } from '../host/fake/programs.ts';
import { unlessAbsent } from '../host/fake/tree.ts';

/** A release of a distribution, as far as Python goes. */
export interface Release {
  readonly name: string;
  readonly osRelease: string;
  /** Of its package python3. */
  readonly python: `3.${number}`;
  /** What its virtualenv puts into a new one. */
  readonly pip: string;
  readonly setuptools: string;
  /** What is in /usr/lib/uwsgi/plugins once uwsgi-plugin-python3 is installed. */
  readonly plugin: string;
}

const debian = (version: number, codename: string) =>
  `PRETTY_NAME="Debian GNU/Linux ${version} (${codename})"\nNAME="Debian GNU/Linux"\nVERSION_ID="${version}"\nVERSION_CODENAME=${codename}\nID=debian\n`;
const ubuntu = (version: string, codename: string) =>
  `PRETTY_NAME="Ubuntu ${version} LTS"\nNAME="Ubuntu"\nVERSION_ID="${version}"\nVERSION_CODENAME=${codename}\nID=ubuntu\nID_LIKE=debian\n`;

/**
 * os-release(5) and packages of each release that the product names. Versions are those of the packages python3, python3-pip-whl
 * and python3-setuptools-whl, of which Debian's and Ubuntu's virtualenv makes a new one:
 * - Debian 12: 3.11.2, 23.0.1+dfsg-1, 66.1.1-1+deb12u2; Debian 13: 3.13.5, 25.1.1+dfsg-1, 78.1.1-0.1.
 * - Ubuntu 22.04: 3.10.6, 22.0.2+dfsg-1ubuntu0.5, 59.6.0-1.2ubuntu0.22.04.2.
 * - Ubuntu 24.04: 3.12.3, 24.0+dfsg-1ubuntu1.3, 68.1.2-2ubuntu1.2.
 * - Ubuntu 26.04: 3.14.4, 25.1.1+dfsg-1ubuntu2, 78.1.1-0.1build1.
 */
export const DEBIAN_12: Release = {
  name: 'Debian 12',
  osRelease: debian(12, 'bookworm'),
  python: '3.11',
  pip: '23.0.1',
  setuptools: '66.1.1',
  plugin: 'python311',
};
export const UBUNTU_22: Release = {
  name: 'Ubuntu 22.04',
  osRelease: ubuntu('22.04', 'jammy'),
  python: '3.10',
  pip: '22.0.2',
  setuptools: '59.6.0',
  plugin: 'python310',
};
export const DEBIAN_13: Release = {
  name: 'Debian 13',
  osRelease: debian(13, 'trixie'),
  python: '3.13',
  pip: '25.1.1',
  setuptools: '78.1.1',
  plugin: 'python313',
};
export const UBUNTU_24: Release = {
  name: 'Ubuntu 24.04',
  osRelease: ubuntu('24.04', 'noble'),
  python: '3.12',
  pip: '24.0',
  setuptools: '68.1.2',
  plugin: 'python312',
};
export const UBUNTU_26: Release = {
  name: 'Ubuntu 26.04',
  osRelease: ubuntu('26.04', 'resolute'),
  python: '3.14',
  pip: '25.1.1',
  setuptools: '78.1.1',
  plugin: 'python314',
};

const BUILD = 'cpython-3.11.13-linux-x86_64-gnu';
/** The program of the build that uv installs. */
export const BUILT = `${PYTHONS}/${BUILD}/bin/python3.11`;

/** The first digest of the requirement: that of the wheel for x86-64. */
const DIGEST = /--hash=sha256:(\w+)/.exec(UV_REQUIREMENT)?.[1] ?? '';

/** Pythons of a host, its virtualenv, pip and uv. */
export class Pythons {
  /** The digest of what the index gives for uv. */
  digest = DIGEST;
  /** The words with which uv refuses. */
  uvRefuses: string | undefined;
  /** The same for pip. */
  pipRefuses: string | undefined;
  readonly #host: FakeHost;
  readonly #release: Release;

  constructor(host: FakeHost, release: Release) {
    this.#host = host;
    this.#release = release;
    host.arrange({ '/etc/os-release': release.osRelease });
    host.programs.add(
      ({ argv: [program = '', ...rest], options }) =>
        rest[0] === '-I' ? this.#program(program, rest.at(-1) ?? '', options.as) : undefined,
      when(/^virtualenv /, (call) => this.#virtualenv(call)),
      when(/\/bin\/(python -m )?pip install /, (call) => this.#pip(call)),
      when(new RegExp(`^${UV_FOLDER}/bin/uv python install `), ({ argv }) => this.#uv(argv)),
    );
  }

  /** The package python3: a link to the program with its version (Debian Python Policy, 2.1). */
  install(): void {
    this.#host.arrange({
      [SYSTEM_PYTHON]: { link: `python${this.#release.python}` },
      [`/usr/bin/python${this.#release.python}`]: { text: '', mode: 0o755 },
    });
  }

  /** A virtualenv as virtualenv leaves it: copied folders lose the set-group-ID bit that the others inherit. */
  put(venv: string, python: string, owner: string): void {
    const version = this.#versionOf(python);
    const folder = { folder: true, owner, mode: owner === 'root' ? 0o755 : 0o2755 } as const;
    const packages = `${venv}/lib/python${version}/site-packages`;
    this.#host.arrange({
      [venv]: folder,
      [`${venv}/bin`]: folder,
      [`${venv}/bin/python`]: { link: python, owner },
      [`${venv}/bin/pip`]: { text: '', mode: 0o755, owner },
      [`${venv}/lib`]: folder,
      [`${venv}/lib/python${version}`]: folder,
      [packages]: { ...folder, mode: 0o755 },
      [`${packages}/pip-${this.#release.pip}.dist-info`]: folder,
      [`${packages}/setuptools-${this.#release.setuptools}.dist-info`]: folder,
    });
  }

  /** @returns name → version of what a virtualenv has */
  packages(venv: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#host.tree
        .below(`${venv}/lib`)
        .flatMap((file) => [...file.matchAll(/\/([^/-]+)-([^/]+)\.dist-info$/g)])
        .map(([, name = '', version = '']) => [name, version]),
    );
  }

  /** By the name of the program that links lead to. */
  #versionOf(program: string): string | undefined {
    const entry = unlessAbsent(() => this.#host.tree.find(program));
    if (entry?.type === 'link')
      return this.#versionOf(
        entry.target.startsWith('/') ? entry.target : `${program.replace(/[^/]+$/, '')}${entry.target}`,
      );
    return /\/python(3\.\d+)$/.exec(program)?.[1];
  }

  #program(program: string, text: string, as: string | undefined): Partial<ProgramResult> | undefined {
    if (!/\/python3?$/.test(program)) return undefined;
    const venv = program.slice(0, -'/bin/python'.length);
    if (program !== SYSTEM_PYTHON && as === undefined)
      throw new TypeError('A virtualenv of www-data is never asked as root.');
    if (text.includes("'pip'") && this.packages(venv).pip === undefined)
      return { code: 1, stderr: 'AssertionError\n' };
    return { stdout: `${this.#versionOf(program)}\n` };
  }

  #virtualenv({ argv, options }: Call): Partial<ProgramResult> {
    const python = argv[argv.indexOf('-p') + 1] ?? '';
    // virtualenv, run/__init__.py, build_parser, raises it, and __main__.py logs it to standard output.
    if (this.#versionOf(python) === undefined)
      return {
        code: 1,
        stdout: `RuntimeError: failed to find interpreter for Builtin discover of python_spec='${python}'\n`,
      };
    this.put(argv.at(-1) ?? '', python, options.as ?? 'root');
    return {};
  }

  #pip({ argv, options }: Call): Partial<ProgramResult> {
    const venv = argv[0]?.replace(/\/bin\/(python|pip)$/, '') ?? '';
    const file = argv[argv.indexOf('--requirement') + 1];
    if (argv.includes('--require-hashes')) {
      const text = this.#host.tree.read(file ?? '').toString();
      // pip, _internal/exceptions.py, HashMismatch.head: "examine the package contents carefully; someone may have tampered with them".
      if (!text.includes(`--hash=sha256:${this.digest}`))
        return {
          code: 1,
          stderr:
            'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered with them.\n',
        };
      this.#install(venv, 'uv', UV, 'root');
      return {};
    }
    if (this.pipRefuses !== undefined) return { code: 1, stderr: `${this.pipRefuses}\n` };
    for (const word of argv) {
      const [, name, version] = /^(\w+)==(.+)$/.exec(word) ?? [];
      if (name !== undefined && version !== undefined)
        this.#install(venv, name, version, options.as ?? 'root');
    }
    return {};
  }

  #install(venv: string, name: string, version: string, owner: string): void {
    const { tree } = this.#host;
    const packages = tree.below(`${venv}/lib`).find((file) => file.endsWith('/site-packages')) ?? '';
    const old = `${packages}/${name}-${this.packages(venv)[name]}.dist-info`;
    this.#host.arrange({
      [old]: null,
      [`${packages}/${name}-${version}.dist-info`]: {
        folder: true,
        owner,
        mode: owner === 'root' ? 0o755 : 0o2755,
      },
      ...(['uv', 'pyuwsgi'].includes(name)
        ? { [`${venv}/bin/${name}`]: { text: '', mode: 0o755, owner } }
        : {}),
    });
  }

  /** uv's folder of Pythons: its lock is for everybody, and a link without the third number leads to the build (uv docs, "Python versions"). */
  #uv(argv: readonly string[]): Partial<ProgramResult> {
    if (this.uvRefuses !== undefined) return { code: 1, stderr: `${this.uvRefuses}\n` };
    const folder = argv[argv.indexOf('--install-dir') + 1] ?? '';
    this.#host.arrange({
      [`${folder}/.lock`]: { text: '', mode: 0o666 },
      [`${folder}/${BUILD}/bin/python3.11`]: { text: '', mode: 0o755 },
      [`${folder}/cpython-3.11-linux-x86_64-gnu`]: { link: BUILD },
    });
    return {};
  }
}

/** @returns what of the product's own another account could change */
export function openTo(host: FakeHost): readonly string[] {
  return host.tree.below('/opt').filter((file) => {
    const entry = host.tree.find(file);
    return entry?.owner !== 'root' || (entry.type !== 'link' && (entry.mode & 0o022) !== 0);
  });
}
