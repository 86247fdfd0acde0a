/**
 * Hocuspocus as it comes; with `STORE` also its own SQLite extension, in that file.
 *
 *     PORT=… [STORE=…] node bench/compare/peers/hocuspocus.ts
 */
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'

const { PORT, STORE } = process.env
const server = new Server({
  address: '127.0.0.1',
  port: Number(PORT),
  quiet: true,
  extensions: STORE === undefined ? [] : [new SQLite({ database: STORE })],
})
await server.listen()
console.log('listening')
