import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** One that was free a moment ago: for servers that have to know each other's address before they start. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listens on TCP
  server.close()
  await once(server, 'close')
  return port
}
