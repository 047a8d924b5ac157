import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';

/** What a server says to a login; fields as in "Error and Notice Message Fields" of PostgreSQL's protocol documentation. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** The function in the server's source that raised it. */
  readonly routine?: string;
}

/**
 * A server that answers every start-up message with one error and closes, as PostgreSQL does (ErrorResponse, its protocol
 * documentation, "Message Formats"). An ErrorResponse is all that a refused client ever sees of a server.
 */
export async function refusingServer(
  refusal: Refusal,
  socketFolder?: string,
): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(errorResponse(refusal)));
  });
  if (socketFolder !== undefined) {
    await new Promise<void>((resolve) => server.listen(`${socketFolder}/.s.PGSQL.5432`, resolve));
    return { server, port: 5432 };
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function errorResponse({ code, message, routine = 'ClientAuthentication' }: Refusal): Buffer {
  const fields = [`SFATAL`, `VFATAL`, `C${code}`, `M${message}`, `R${routine}`].map((field) => `${field}\0`);
  const body = Buffer.from(`${fields.join('')}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
