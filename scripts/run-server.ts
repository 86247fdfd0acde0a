/** A server in a process of its own, as an operator would start it: for tests in a browser and for pictures. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** Ends it and waits until it is gone: SIGTERM drains, SIGKILL does not. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

const main = fileURLToPath(new URL('../apps/sync-server/src/main.ts', import.meta.url))

/** Resolves once the server says it is ready. Without a `PORT` it takes a free one. */
export async function runServer(options: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child = spawn('node', [main, 'serve'], {
    env: { ...inherited(), PORT: '0', ...options },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const url = await urlOf(createInterface(child.stdout))
  if (url === undefined || child.pid === undefined) throw new Error('the server did not start')
  return {
    url,
    pid: child.pid,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await exited
    },
  }
}

/** What steers tests and benchmarks (`QUIRE_TRACES` and the like) would be unknown options to the server. */
function inherited(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(QUIRE_.*|HOST|PORT)$/.test(name))
  return Object.fromEntries(entries)
}

/** The URL in the line that says it is ready; undefined if the output ends without one. */
async function urlOf(lines: AsyncIterable<string>): Promise<string | undefined> {
  for await (const line of lines) {
    const url = /https?:\/\/\S+/.exec(line)?.[0]
    if (url) return url
  }
  return undefined
}

export function makeDataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'quire-data-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
