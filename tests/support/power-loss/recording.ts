/**
 * What a writer did to the files in its folder and what it was promised, in the order in which it happened, read
 * from its system calls. A call counts once it has returned, a promise as soon as it is being said.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parsePromise, type Promised } from './promises.ts'

export type Recorded =
  | { readonly type: 'write'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'truncate'; readonly file: string; readonly size: number }
  /** Made if it is not there. */
  | { readonly type: 'open'; readonly file: string }
  | { readonly type: 'remove'; readonly file: string }
  | { readonly type: 'rename'; readonly file: string; readonly to: string }
  | { readonly type: 'sync'; readonly file: string }
  | { readonly type: 'sync-folder' }
  | { readonly type: 'promise'; readonly promised: Promised }

export interface Life {
  readonly rounds: number
  /** Killed before that on entering its nth such call; else it closes its store in the end. */
  readonly kill?: { readonly at: 'fsync' | 'pwrite64'; readonly nth: number }
}

/** More than any one write: a string that is cut short is not replayed. */
const maxWriteBytes = 4 * 1024 * 1024

const writer = fileURLToPath(new URL('writer.ts', import.meta.url))

/** Every call that can change a file or its name, so that one the reader does not know is noticed; `?` is for those some processors lack. */
const calls = [
  '?open,openat,?creat,write,pwrite64,writev,pwritev,?pwritev2,fallocate,?truncate,ftruncate,copy_file_range,sendfile',
  'splice,mmap,fsync,fdatasync,sync_file_range,?rename,?renameat,renameat2,?link,linkat,?symlink,symlinkat,?unlink,unlinkat',
].join(',')

/** Why nothing can be recorded here, or undefined. */
export function whyNotRecording(): string | undefined {
  const { error, status } = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'trace=none', 'true'])
  if (error) return 'strace is not installed'
  return status === 0 ? undefined : 'strace may not trace other processes here'
}

/** One life after the other in the same folder; the same seed and lives write the same. */
export async function record(seed: number, lives: readonly Life[]): Promise<Recorded[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'quire-recording-')))
  const data = join(folder, 'data')
  const trace = join(folder, 'trace')
  const recorded: Recorded[] = []
  try {
    for (const [index, life] of lives.entries()) {
      await live(life, { data, trace, seed: seed + index })
      for await (const event of readTrace(trace, data)) recorded.push(event)
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
  const strace = ['-f', '-y', '-xx', '-s', String(maxWriteBytes), '-o', trace, '-e', `trace=${calls}`]
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

async function* readTrace(trace: string, folder: string): AsyncGenerator<Recorded> {
  const begun = new Map<string, string>()
  const inFolder = hex(folder)
  for await (const line of createInterface(createReadStream(trace))) {
    const [, thread = '', part = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const isPromise = part.startsWith('write(1<')
    if (isPromise) yield { type: 'promise', promised: parsePromise(unhex(quoted(part)).toString()) }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(part)?.[1]
    const call = rest === undefined ? part : (begun.get(thread) ?? '') + rest
    if (call.endsWith(' <unfinished ...>')) begun.set(thread, call.slice(0, -' <unfinished ...>'.length))
    else if (call.includes(inFolder)) {
      const event = readCall(call, inFolder)
      if (event) yield event
    }
  }
}

/** As strace prints it, with every string and path in hexadecimal. */
function readCall(call: string, inFolder: string): Recorded | undefined {
  const [, name, args = '', result] = /^(\w+)\((.*)\) += (-?\d+|\?)/.exec(call) ?? []
  // A call that failed or that its process did not live through has done nothing.
  if (result === undefined || result === '?' || result.startsWith('-')) return undefined
  const [, file = '', to = ''] = args.split(inFolder).map((part) =>
    unhex(part.split(/[">]/, 1)[0] ?? '')
      .toString()
      .slice(1),
  )
  // The index over the write-ahead log is memory shared by mapping it: never synced, and made anew after a crash.
  if (file.endsWith('-shm')) return undefined
  switch (name) {
    case 'openat':
      if (args.includes('O_TRUNC') && !args.includes('O_EXCL')) break
      return args.includes('O_CREAT') ? { type: 'open', file } : undefined
    case 'pwrite64': {
      const bytes = unhex(quoted(args)).subarray(0, Number(result))
      if (bytes.length < Number(result)) break
      return { type: 'write', file, offset: Number(args.slice(args.lastIndexOf(' '))), bytes }
    }
    case 'ftruncate':
      return { type: 'truncate', file, size: Number(args.slice(args.lastIndexOf(' '))) }
    case 'rename':
      return { type: 'rename', file, to }
    case 'unlink':
      return { type: 'remove', file }
    case 'fsync':
    case 'fdatasync':
      return file === '' ? { type: 'sync-folder' } : { type: 'sync', file }
    default:
  }
  throw new Error(`a call that cannot be replayed: ${call.slice(0, 500)}`)
}

function quoted(args: string): string {
  return args.slice(args.indexOf('"') + 1, args.lastIndexOf('"'))
}

function unhex(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex')
}

function hex(path: string): string {
  return Buffer.from(path).toString('hex').replaceAll(/../g, '\\x$&')
}
