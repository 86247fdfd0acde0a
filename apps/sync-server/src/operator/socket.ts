/**
 * The operator's way to a running server: `quire.sock` in its data folder, readable by the owner of the folder only. Whoever
 * may open the folder is the operator. Windows has no such sockets that Node could listen on.
 */
import { createServer } from 'node:http'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { socketName, withShortPath } from './socket-path.ts'

export interface OperatorSocket {
  close(): Promise<void>
}

/** Who listens has to hold the folder's lock, for a socket that is there already is taken to be a dead server's. Rejects if there can be none. */
export async function listenOnSocket(folder: string, app: Hono): Promise<OperatorSocket> {
  const path = join(folder, socketName)
  rmSync(path, { force: true })
  const listener = getRequestListener(app.fetch)
  const server = createServer((request, response) => void listener(request, response))
  await withShortPath(folder, async (short) => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      // Nobody else may connect from the first moment on: the socket is made with this mask.
      const mask = process.umask(0o177)
      server.listen(short, resolve)
      process.umask(mask)
    })
    chmodSync(short, 0o600)
  })
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      rmSync(path, { force: true })
    },
  }
}
