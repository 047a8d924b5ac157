/**
 * The web servers of the rehearsal's internet, as one process inside it: static files, and git over http.
 * Run as `node web.ts CONFIG`, CONFIG being a `WebConfig` as JSON.
 */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join, normalize } from 'node:path';

export interface WebConfig {
  /** PEM files; the certificate is valid for the names of all sites. */
  readonly certificate: string;
  readonly key: string;
  readonly sites: readonly { readonly address: string; readonly folder: string; readonly git: boolean }[];
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves the files below a folder, and `index.html` for a folder of it. */
function files(folder: string): Handler {
  return (request, response) => {
    const path = join(folder, normalize(decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/')));
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) return void response.writeHead(404).end('Not found\n');
    const since = Date.parse(request.headers['if-modified-since'] ?? '');
    const seconds = Math.floor(stats.mtimeMs / 1000) * 1000;
    if (since >= seconds) return void response.writeHead(304).end();
    response.writeHead(200, {
      'content-length': stats.size,
      'content-type': 'application/octet-stream',
      'last-modified': new Date(seconds).toUTCString(),
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(path).pipe(response);
  };
}

/** Serves the bare repositories of a folder through git's own CGI program. One that holds a file `refused` asks for a login. */
function git(folder: string): Handler {
  return (request, response) => {
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    if (existsSync(join(folder, normalize(path).split('/')[1] ?? '', 'refused'))) {
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end('Private\n');
    }
    const env = {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      REMOTE_ADDR: request.socket.remoteAddress,
    };
    const cgi = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    cgi.stdin.on('error', () => {});
    request.pipe(cgi.stdin);
    let head = Buffer.alloc(0);
    cgi.stdout.on('data', function untilHeaders(part: Buffer) {
      head = Buffer.concat([head, part]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      cgi.stdout.off('data', untilHeaders);
      let status = 200;
      for (const line of head.subarray(0, end).toString().split('\r\n')) {
        const [name = '', value = ''] = line.split(/: */, 2);
        if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.writeHead(status);
      response.write(head.subarray(end + 4));
      cgi.stdout.pipe(response);
    });
    cgi.on('error', () => response.writeHead(500).end());
  };
}

const config = JSON.parse(process.argv[2] ?? '') as WebConfig;
const tls = { cert: readFileSync(config.certificate), key: readFileSync(config.key) };
for (const site of config.sites) {
  const handler = site.git ? git(site.folder) : files(site.folder);
  createServer(handler).listen(80, site.address);
  createTlsServer(tls, handler).listen(443, site.address);
}
