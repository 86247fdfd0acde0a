/** The server of y-websocket 2 as its users start it, but that it stores what it has heard before it ends. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

interface Utilities {
  getPersistence(): { readonly provider: { destroy(): Promise<void> } }
}

const require = createRequire(import.meta.url)
const utilities = require.resolve('y-websocket-2/bin/utils')
const { getPersistence } = require(utilities) as Utilities // its own module
require(join(dirname(utilities), 'server.cjs'))

process.once('SIGTERM', () => {
  void getPersistence()
    .provider.destroy()
    .then(() => process.exit())
})
