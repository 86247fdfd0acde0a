/**
 * What is shipped: the editor as pages, as one file for other pages and as modules, and then the server, which takes all of
 * them along into `dist`.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const configs = [
  'apps/editor/vite.config.ts',
  'apps/editor/vite.embed.config.ts',
  'apps/editor/vite.modules.config.ts',
  'apps/sync-server/vite.config.ts',
]

for (const config of configs)
  // oxlint-disable-next-line no-await-in-loop -- each takes along what the ones before it have made
  await build({ configFile: fileURLToPath(new URL(`../${config}`, import.meta.url)), logLevel: 'warn' })
