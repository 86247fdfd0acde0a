/** The storage driver on a disk that fails: strace makes chosen system calls of its process return an error. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { tracingTo } from './power-loss/trace.ts'

const driver = fileURLToPath(new URL('storage-driver.ts', import.meta.url))
const node = process.execPath

export interface Outcome {
  readonly what: string
  readonly name: string
  readonly round: number
  /** `done`, the code of a `StorageError`, or the rounds that a document was found to hold. */
  readonly result: string
}

/**
 * Runs the driver to its end, or to where it could not open the store. `inject` is what strace calls an injection:
 * `fsync:error=EIO:when=3..5`; only calls on the files in `paths` are counted.
 */
export async function driveStore(options: {
  readonly folder: string
  readonly rounds: number
  readonly inject: string
  readonly paths: readonly string[]
}): Promise<Outcome[]> {
  const { folder, rounds, inject, paths } = options
  const call = inject.slice(0, inject.indexOf(':'))
  const tracing = ['-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${inject}`]
  return (await outputOf([...tracing, ...paths.flatMap((path) => ['-P', path])], folder, rounds))
    .split('\n')
    .flatMap(outcomesIn)
}

/** What the driver did to its files and what it said, as a trace. */
export async function traceStore(options: {
  readonly folder: string
  readonly rounds: number
  readonly inject: string | undefined
  readonly trace: string
}): Promise<void> {
  const { folder, rounds, inject, trace } = options
  await outputOf([...tracingTo(trace), ...(inject ? ['-e', `inject=${inject}`] : [])], folder, rounds)
}

/** The outcome in a line that the driver printed, if it is one. */
export function outcomesIn(line: string): Outcome[] {
  const [what, name, round, result] = line.split(' ')
  return what && name && result !== undefined ? [{ what, name, round: Number(round), result }] : []
}

async function outputOf(tracing: readonly string[], folder: string, rounds: number): Promise<string> {
  // With the filter, only the calls that are traced stop the driver.
  const args = ['-f', '--seccomp-bpf', '-qq', ...tracing, node, driver, folder, String(rounds)]
  try {
    return (await promisify(execFile)('strace', args, { maxBuffer: 2 ** 26 })).stdout
  } catch (error) {
    // The driver ends with 1 if the store cannot be opened, which a fault may well be the reason of.
    if (
      error instanceof Error &&
      'code' in error &&
      error.code === 1 &&
      'stdout' in error &&
      error.stdout === ''
    )
      return ''
    throw error
  }
}
