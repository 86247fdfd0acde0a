/**
 * A store that is made, killed and opened again: what it asked of its files and what its writer was promised, in the
 * order in which it happened.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { readTrace, tracingTo, type Traced } from './trace.ts'

export interface Life {
  readonly rounds: number
  /** Killed before that on entering its nth such call; else it closes its store in the end. */
  readonly kill?: { readonly at: 'fsync' | 'pwrite64'; readonly nth: number }
}

const writer = fileURLToPath(new URL('writer.ts', import.meta.url))

/** One life after the other in the same folder; the same seed and lives write the same. */
export async function record(seed: number, lives: readonly Life[]): Promise<Traced[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'quire-recording-')))
  const data = join(folder, 'data')
  const trace = join(folder, 'trace')
  const recorded: Traced[] = []
  try {
    for (const [index, life] of lives.entries()) {
      await live(life, { data, trace, seed: seed + index })
      for (const event of await readTrace(trace, data)) recorded.push(event)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return recorded
}

interface Place {
  readonly data: string
  readonly trace: string
  readonly seed: number
}

async function live({ rounds, kill }: Life, { data, trace, seed }: Place): Promise<void> {
  const strace = ['-f', ...tracingTo(trace)]
  // Spares the writer a stop at every other call; a signal cannot be injected that way.
  if (!kill) strace.push('--seccomp-bpf')
  if (kill) strace.push('-e', `inject=${kill.at}:signal=KILL:when=${kill.nth}`)
  const tracer = spawn('strace', [...strace, process.execPath, writer, data, String(seed), String(rounds)], {
    // What it says is read from the trace, where it stands in order.
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, [code, signal]] = await Promise.all([text(tracer.stderr), once(tracer, 'exit')])
  const isAsMeant = kill ? signal === 'SIGKILL' : code === 0
  if (!isAsMeant) throw new Error(`the writer ended with ${code ?? signal}: ${said}`)
}
