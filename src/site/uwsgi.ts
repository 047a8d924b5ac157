import { connect } from 'node:net';
import type { Host } from '../host/host.ts';
import { VENV } from './layout.ts';

/** What Debian and Ubuntu call uWSGI with its plugin for Python 3. */
export const UWSGI = ['uwsgi-core', 'uwsgi-plugin-python3'] as const;

/** uWSGI of the virtualenv, where the distribution's can't run the site's Python. */
export const VENV_UWSGI = `${VENV}/bin/pyuwsgi`;

/** The same as {@link askUwsgi}, once until something changes. */
export function uwsgiAnswer(
  host: Host,
  socket: string,
  hostName: string,
): Promise<{ status: number } | { wrong: string }> {
  return host.once(`page of ${hostName} by ${socket}`, () => askUwsgi(socket, hostName));
}

/**
 * Asks uWSGI for one page over its own protocol, past nginx: with a wrong plugin it stays `active` and answers
 * nothing (trap 6). The packet is: modifier 0, size and the CGI variables, little-endian
 * (uwsgi-docs.readthedocs.io, "The uwsgi Protocol").
 * @param socket absolute path of its socket
 * @param hostName what the site takes as its own name
 * @returns the status of the answer, or what is wrong
 */
export function askUwsgi(socket: string, hostName: string): Promise<{ status: number } | { wrong: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number } | { wrong: string }>();
  const connection = connect(socket);
  let answer = '';
  connection.setTimeout(10_000, () => done({ wrong: `${socket} does not answer within 10 s` }));
  connection.on('connect', () => connection.write(packet(hostName)));
  connection.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
    const status = /^HTTP\/\d\.\d (\d{3})/.exec(answer)?.[1];
    if (status !== undefined) done({ status: Number(status) });
    else if (answer.length > 64) done({ wrong: `${socket} does not answer with HTTP` });
  });
  connection.on('end', () => done({ wrong: `${socket} closes the connection without an answer` }));
  connection.on('error', (error) => done({ wrong: `${socket}: ${error.message}` }));
  function done(result: { status: number } | { wrong: string }): void {
    connection.destroy();
    resolve(result);
  }
  return promise;
}

function packet(hostName: string): Buffer {
  const variables = {
    REQUEST_METHOD: 'GET',
    REQUEST_URI: '/',
    PATH_INFO: '/',
    QUERY_STRING: '',
    SERVER_PROTOCOL: 'HTTP/1.1',
    SERVER_NAME: hostName,
    SERVER_PORT: '443',
    HTTP_HOST: hostName,
    HTTPS: 'on',
    REMOTE_ADDR: '127.0.0.1',
  };
  const body = Buffer.concat(Object.entries(variables).flat().map(sized));
  const head = Buffer.alloc(4);
  head.writeUInt16LE(body.length, 1);
  return Buffer.concat([head, body]);
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(bytes.length);
  return Buffer.concat([size, bytes]);
}
