/** A server in a process of its own, as an operator would start it: for tests, measurements and pictures. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../apps/sync-server/src/main.ts', import.meta.url))

export type Environment = Readonly<Record<string, string>>

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** Ends it and waits until it is gone: SIGTERM drains, SIGKILL does not. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Resolves once the server says it is ready. Without a `PORT` it takes a free one; what it logs goes to our own log. */
export async function runServer(environment: Environment): Promise<ServerProcess> {
  const child = launchQuire(['serve'], { PORT: '0', ...environment })
  child.stderr?.pipe(process.stderr)
  const exited = once(child, 'exit')
  const url = await readyUrl(child)
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

/** The command line with these arguments and variables, and perhaps something to read; its output is piped. */
export function launchQuire(args: readonly string[], environment: Environment, input?: string): ChildProcess {
  const child = spawn('node', [main, ...args], {
    env: { ...inherited(), ...environment },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  child.stdin?.end(input)
  return child
}

/** The URL in the line that says it is ready; undefined if the output ends without one. */
export function readyUrl({ stdout }: ChildProcess): Promise<string | undefined> {
  if (!stdout) return Promise.resolve(undefined)
  const lines = createInterface(stdout)
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const ready = /^Quire is ready at (\S+)$/.exec(line)
      if (ready) resolve(ready[1])
    })
    lines.on('close', () => resolve(undefined))
  })
}

export function makeDataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'quire-data-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** What steers tests and measurements (`QUIRE_TRACES`, `QUIRE_KILLS`) would be unknown options to the server. */
export function inherited(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(QUIRE_.*|HOST|PORT)$/.test(name))
  return Object.fromEntries(entries)
}
