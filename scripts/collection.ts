import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ansible } from '../test/rehearsal/ansible.ts';
import { must } from '../test/rehearsal/process.ts';

const sources = path.join(import.meta.dirname, '..', 'ansible');

/** As ansible-galaxy writes it (docs.ansible.com, "Collection Galaxy metadata structure"). */
interface FileList {
  readonly files: readonly { readonly name: string }[];
}
interface Manifest {
  readonly file_manifest_file: { readonly chksum_sha256: string };
}

/**
 * Builds the Ansible collection by ansible-galaxy, of the version that the collection is tested with. The same sources make the same
 * bytes: ansible-galaxy lists files as the file system does and gives them the time of day, so both are put in order afterwards.
 * @param folder where the archive goes: absolute path
 * @param epoch of the files in it: seconds since 1970
 * @throws {Error} with what ansible-galaxy or tar said, when it fails
 */
export async function buildCollection(folder: string, epoch: number): Promise<void> {
  const virtualenv = await ansible(console.log);
  const scratch = await mkdtemp(path.join(tmpdir(), 'collection-'));
  try {
    const at = (...names: readonly string[]) => path.join(scratch, ...names);
    // Nothing else of the environment, where CI may have the key that releases are signed with.
    const env = {
      PATH: `${path.join(virtualenv, 'bin')}:${process.env.PATH}`,
      HOME: scratch,
      LANG: 'C.UTF-8',
    };
    await must(['ansible-galaxy', 'collection', 'build', sources, '--output-path', at('built')], { env });
    const [name = ''] = await readdir(at('built'));
    await mkdir(at('content'));
    await must(['tar', '--extract', '--file', at('built', name), '--directory', at('content')]);
    await sortList(at('content'));
    const archive = ['tar', '--create', '--file', at('collection.tar'), '--directory', at('content')];
    const same = ['--sort=name', '--format=ustar', '--owner=0', '--group=0', '--numeric-owner'];
    const contents = (await readdir(at('content'))).sort();
    await must([...archive, ...same, '--mode=u=rwX,go=rX', `--mtime=@${epoch}`, '--', ...contents], { env });
    await must([
      'sh',
      '-euc',
      'gzip --no-name -9 < "$1" > "$2"',
      'sh',
      at('collection.tar'),
      path.join(folder, name),
    ]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Sorts the list of the files by name, and puts its new digest where ansible-galaxy looks for it. */
async function sortList(content: string): Promise<void> {
  const at = (name: string) => path.join(content, name);
  const list = JSON.parse(await readFile(at('FILES.json'), 'utf8')) as FileList;
  const files = list.files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const text = JSON.stringify({ ...list, files }, undefined, 1);
  const manifest = JSON.parse(await readFile(at('MANIFEST.json'), 'utf8')) as Manifest;
  const digest = createHash('sha256').update(text).digest('hex');
  const own = { ...manifest.file_manifest_file, chksum_sha256: digest };
  await writeFile(at('FILES.json'), text);
  await writeFile(
    at('MANIFEST.json'),
    JSON.stringify({ ...manifest, file_manifest_file: own }, undefined, 1),
  );
}
