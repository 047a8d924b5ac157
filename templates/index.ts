import { readFileSync } from 'node:fs';

/** Files that a host gets, each at its own path below `/`, exactly as the repository's `deploy/` folder does it. */
export const deployPaths = [
  'etc/systemd/system/meilisearch.service',
  'etc/systemd/system/studio.service',
  'etc/systemd/system/studio-background.service',
  'etc/systemd/system/studio-background-restart.service',
  'etc/systemd/system/studio-background-restart.timer',
  'etc/systemd/system/studio-clearsessions.service',
  'etc/systemd/system/studio-clearsessions.timer',
  'etc/systemd/system/studio-clock-tick.service',
  'etc/systemd/system/studio-clock-tick.timer',
  'etc/systemd/system/studio-process-deletion-requests.service',
  'etc/systemd/system/studio-process-deletion-requests.timer',
  'etc/systemd/system/studio-stats.service',
  'etc/systemd/system/studio-stats.timer',
  'var/www/config/nginx_studio.conf',
  'var/www/config/nginx_studio.common.conf',
  'var/www/config/uwsgi_studio.ini',
  'var/www/config/uwsgi_params',
  'var/www/.config/pypoetry/config.toml',
] as const;

/** Pieces that go into a vhost, whoever wrote it. */
export const snippetPaths = [
  'snippets/http.conf',
  'snippets/http-only.conf',
  'snippets/maintenance.conf',
  'snippets/maintenance.html',
  'snippets/redirect.conf',
  'snippets/tls.conf',
] as const;

/** What an exported script has in it. */
export const scriptPaths = [
  'script/functions.sh',
  'script/settings.py',
  'script/vhost.py',
  'script/addresses.py',
  'script/judge.py',
  'script/certificate.py',
  'script/served.py',
  'script/search_keys.py',
  'script/verifier.py',
] as const;

/** What the host's or the site's Python is asked or told to do. */
export const pythonPaths = [
  'python/setup.py',
  'python/state.py',
  'python/serving.py',
  'python/prepared.py',
  'python/programs.py',
  'python/preparation.py',
  'python/manage.py',
  'python/site_record.py',
  'python/first_admin.py',
  'python/signing.py',
  'python/fetch.py',
  'python/test_email.py',
  'python/administrator.py',
  'python/database_state.py',
  'python/migrations.py',
  'python/migrate_back.py',
  'python/collect_static.py',
  'python/fill_search.py',
] as const;

/** What makes a backup, and opens one again. */
export const backupPaths = [
  'backup/database.sh',
  'backup/dump.sql',
  'backup/tables.sql',
  'backup/contents.sh',
  'backup/archive.sh',
  'backup/extract.sh',
  'backup/open.sh',
  'backup/repository.sh',
  'backup/ask-repository.sh',
  'backup/snapshot.sh',
  'backup/open-snapshot.sh',
  'backup/place.sh',
] as const;

/** What a shell is told of the command line. */
export const completionPaths = [
  'completion/studio-setup.bash',
  'completion/studio-setup.zsh',
  'completion/studio-setup.fish',
] as const;

export type DeployPath = (typeof deployPaths)[number];
export type TemplatePath =
  | DeployPath
  | (typeof snippetPaths)[number]
  | (typeof scriptPaths)[number]
  | (typeof pythonPaths)[number]
  | (typeof backupPaths)[number]
  | (typeof completionPaths)[number];
export type Templates = Readonly<Record<TemplatePath, string>>;

/** Put in place by the build (esbuild's `define`), so that a bundle needs no folder beside it. */
declare const BUNDLED_TEMPLATES: Templates | undefined;

/**
 * Reads all templates from this folder. For the build, and for runs from source.
 * @throws the file system's error when one is missing.
 */
export function readTemplates(): Templates {
  const paths: readonly TemplatePath[] = [
    ...deployPaths,
    ...snippetPaths,
    ...scriptPaths,
    ...pythonPaths,
    ...backupPaths,
    ...completionPaths,
  ];
  const texts = paths.map((path) => [path, readFileSync(new URL(path, import.meta.url), 'utf8')] as const);
  return Object.fromEntries(texts) as Record<TemplatePath, string>;
}

let loaded: Templates | undefined;

/** The unfilled text of one template. */
export function template(path: TemplatePath): string {
  loaded ??= typeof BUNDLED_TEMPLATES === 'undefined' ? readTemplates() : BUNDLED_TEMPLATES;
  return loaded[path];
}
