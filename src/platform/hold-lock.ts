import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';

/**
 * Holds a lock for as long as this process lives, by listening on a socket at `path`. Unlike a file with a pid it cannot
 * outlive its holder, and works between containers that see different pids. Resolves with what lets it go; undefined where
 * another process holds it. Rejects when the socket cannot be made.
 */
export const holdLock = async (path: string): Promise<(() => Promise<void>) | undefined> => {
  const server = (await listen(path)) ?? ((await answers(path)) ? undefined : await listenAfresh(path));
  if (!server) return undefined;
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
};

/** Undefined where there is a socket already. */
const listen = (path: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });

/** The socket is that of a process which has ended. */
const listenAfresh = (path: string): Promise<Server | undefined> => {
  rmSync(path, { force: true });
  return listen(path);
};

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
