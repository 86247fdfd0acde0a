/** The server of y-websocket 2 as its users start it, but that it stores what it has heard before it ends. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

interface Utilities {
  getPersistence(): {
    readonly provider: { getAllDocNames(): Promise<string[]>; destroy(): Promise<void> }
  }
}

const require = createRequire(import.meta.url)
const utilities = require.resolve('y-websocket-2/bin/utils')
const { getPersistence } = require(utilities) as Utilities // its own module
require(join(dirname(utilities), 'server.cjs'))

async function end(): Promise<void> {
  const { provider } = getPersistence()
  // One thing after the other: a document that is just being read is stored behind this, and before the end.
  await provider.getAllDocNames()
  await provider.destroy()
  process.exit()
}

process.once('SIGTERM', () => void end())
