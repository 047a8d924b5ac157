import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { must } from './operator.ts';

/** @returns the cookie of a session of the first admin, as the site itself makes it */
export async function loggedIn(host: Rehearsal): Promise<string> {
  const script = `from django.contrib.auth import get_user_model, BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
user = get_user_model().objects.filter(is_superuser=True).first()
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = 'django.contrib.auth.backends.ModelBackend'
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)`;
  const printed = await must(
    host,
    [
      'sh',
      '-c',
      'cd /var/www/blender-studio && /var/www/venv/bin/python manage.py shell -c "$1"',
      'sh',
      script,
    ],
    { user: 'www-data' },
  );
  return printed.trim();
}

/**
 * Logs in as a person does, with a browser that keeps cookies, at the address that DNS gives.
 * @returns what the admin's first page shows then; the form again when the password is refused
 */
export async function loggedInBy(host: Rehearsal, username: string, password: string): Promise<string> {
  const jar = '/run/rehearsal/internet/browser';
  const login = 'https://studio.example.org/admin/login/';
  const browser = ['--fail', '--location', '--cookie', jar, '--cookie-jar', jar, '--referer', login];
  const form = await host.internet.curl(...browser, login);
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(form.stdout)?.[1] ?? '';
  const fields = { username, password, csrfmiddlewaretoken: token, next: '/admin/' };
  const data = Object.entries(fields).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]);
  return (await host.internet.curl(...browser, ...data, login)).stdout;
}

/** @returns the HTTP status of the admin's own pages, with that session */
export async function adminPage(host: Rehearsal, session: string): Promise<string> {
  const asked = ['--output', '/dev/null', '--write-out', '%{http_code}', '--cookie', `sessionid=${session}`];
  return (await host.internet.curl(...asked, 'https://studio.example.org/admin/')).stdout;
}

/** @returns the path of a file on the host by which psql logs in as the site's role with this password */
export async function passFile(host: Rehearsal, password: string): Promise<string> {
  const path = '/root/pgpass';
  await host.write(path, `127.0.0.1:5432:studio:studio:${password}\n`, { mode: '600' });
  return path;
}

/** @returns whether the database lets the site's role in with this password */
export async function logsIn(host: Rehearsal, password: string): Promise<boolean> {
  const env = { PGPASSFILE: await passFile(host, password) };
  const argv = ['psql', '--no-psqlrc', '--no-password', '--host=127.0.0.1', '--username=studio', 'studio'];
  const { code } = await host.exec(argv, { env, input: 'SELECT 1;\n' });
  await host.exec(['rm', '/root/pgpass']);
  return code === 0;
}
