/** Quire as an operator runs it: the command line in a process of its own, which can be killed and started again. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { launchQuire, readyUrl, type Environment, type Launch } from '../../scripts/run-server.ts'
import { syncUrlOf } from './server.ts'
import { until } from './until.ts'

export type { Environment }

export interface Ended {
  /** Undefined if a signal ended it. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** The command line with these arguments and variables, run to its end. */
export async function runQuire(
  args: readonly string[],
  environment: Environment = {},
  launch?: Launch,
): Promise<Ended> {
  return ended(launchQuire(args, environment, launch))
}

export interface SpawnedServer {
  /** `http://host:port`: the same over restarts. */
  readonly url: string
  /** `ws://host:port/sync` */
  readonly syncUrl: string
  /** Of the running process. */
  readonly pid: number
  /** How the running process ends. */
  readonly ended: Promise<Ended>
  /** Resolves with how it ended. SIGTERM drains, SIGKILL does not; to another it has to have been made to listen. */
  kill(signal: NodeJS.Signals): Promise<Ended>
  /** Resolves with the first line of the running process's log that holds these words. */
  logged(words: string): Promise<string>
  /** On the same port and folder; the one before must have ended. */
  restart(): Promise<void>
  /** Seconds of processor time the running process has used; undefined where /proc does not tell. */
  cpuSeconds(): number | undefined
}

/** Resolves once it says that it is ready. Killed with the test that started it. */
export async function spawnServer(
  folder: string,
  environment: Environment = {},
  flags: readonly string[] = [],
  launch?: Launch,
): Promise<SpawnedServer> {
  const serve = (variables: Environment): Promise<Serving> => launchServer(flags, variables, launch)
  let running = await serve({ QUIRE_DATA: folder, PORT: '0', ...environment })
  const { url } = running
  onTestFinished(async () => {
    running.child.kill('SIGKILL')
    await running.ended
  })
  return {
    url,
    syncUrl: syncUrlOf(url),
    get pid() {
      const { pid } = running.child
      if (pid === undefined) throw new Error('the server has no process')
      return pid
    },
    get ended() {
      return running.ended
    },
    kill(signal) {
      running.child.kill(signal)
      return running.ended
    },
    logged: (words) => running.logged(words),
    async restart() {
      running = await serve({ QUIRE_DATA: folder, ...environment, PORT: new URL(url).port })
    },
    cpuSeconds: () => cpuSecondsOf(running.child),
  }
}

interface Serving {
  readonly child: ChildProcess
  readonly url: string
  readonly ended: Promise<Ended>
  readonly logged: (words: string) => Promise<string>
}

async function launchServer(
  flags: readonly string[],
  environment: Environment,
  launch?: Launch,
): Promise<Serving> {
  const child = launchQuire(['serve', ...flags], environment, launch)
  const end = ended(child)
  const logged = logOf(child)
  const url = await readyUrl(child)
  if (url === undefined) throw new Error(`the server did not start: ${(await end).stderr}`)
  return { child, url, ended: end, logged }
}

function logOf({ stderr }: ChildProcess): Serving['logged'] {
  if (!stderr) throw new Error('the log of the process is not piped')
  const log: string[] = []
  const listeners = new Set<() => void>()
  createInterface(stderr).on('line', (line) => {
    log.push(line)
    for (const listener of listeners) listener()
  })
  return async (words) => {
    const find = (): string | undefined => log.find((line) => line.includes(words))
    await until(
      (check) => {
        listeners.add(check)
        return () => listeners.delete(check)
      },
      () => find() !== undefined,
    )
    return find() ?? ''
  }
}

async function ended(child: ChildProcess): Promise<Ended> {
  const { stdout: out, stderr: err } = child
  if (!out || !err) throw new Error('the output of the process is not piped')
  const [stdout, stderr, [code]] = await Promise.all([text(out), text(err), once(child, 'exit')])
  return { code: typeof code === 'number' ? code : undefined, stdout, stderr }
}

/** Linux counts user and system time in hundredths of a second, as fields 14 and 15 of `stat`. */
function cpuSecondsOf({ pid }: ChildProcess): number | undefined {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return undefined
  const afterName = readFileSync(path, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(afterName[11]) + Number(afterName[12])) / 100
}

/** To the letter: the platform's own reading drops a mark of the byte order. */
async function text(stream: Readable): Promise<string> {
  return (await buffer(stream)).toString()
}
