/**
 * What a process did to the files in a folder and what it said on its standard output, in the order in which it
 * happened, read from its system calls. A call counts once it has returned, what was said as soon as it was begun.
 */
import { spawnSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

export type Traced =
  | { readonly type: 'write'; readonly file: string; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'truncate'; readonly file: string; readonly size: number }
  /** Made if it is not there. */
  | { readonly type: 'open'; readonly file: string }
  | { readonly type: 'remove'; readonly file: string }
  | { readonly type: 'rename'; readonly file: string; readonly to: string }
  | { readonly type: 'sync'; readonly file: string; readonly failed: boolean }
  | { readonly type: 'sync-folder' }
  | { readonly type: 'say'; readonly said: string }

/** More than any one write: a string that is cut short is not replayed. */
const maxWriteBytes = 4 * 1024 * 1024

/** Every call that can change a file or its name, so that one the reader does not know is noticed; `?` is for those some processors lack. */
const calls = [
  '?open,openat,?creat,write,pwrite64,writev,pwritev,?pwritev2,fallocate,?truncate,ftruncate,copy_file_range,sendfile',
  'splice,mmap,fsync,fdatasync,sync_file_range,?rename,?renameat,renameat2,?link,linkat,?symlink,symlinkat,?unlink,unlinkat',
].join(',')

/** False, after one line that says why, where processes cannot be traced. */
export function canTrace(): boolean {
  if (spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0) return true
  console.warn(
    'Skipped: what a store does to its disk is seen with strace, which is not there or may not trace here.',
  )
  return false
}

/** What strace is to be told besides `-f`, to write into the file `trace` what `readTrace` reads. */
export function tracingTo(trace: string): string[] {
  return ['-y', '-xx', '-s', String(maxWriteBytes), '-o', trace, '-e', `trace=${calls}`]
}

/** The folder by its real path. */
export async function readTrace(trace: string, folder: string): Promise<Traced[]> {
  const events: Traced[] = []
  const begun = new Map<string, string>()
  const inFolder = hex(folder)
  for await (const line of createInterface(createReadStream(trace))) {
    const [, thread = '', part = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (part.startsWith('write(1<')) events.push({ type: 'say', said: unhex(quoted(part)).toString() })
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(part)?.[1]
    const call = rest === undefined ? part : (begun.get(thread) ?? '') + rest
    if (call.endsWith(' <unfinished ...>')) begun.set(thread, call.slice(0, -' <unfinished ...>'.length))
    else if (call.includes(inFolder)) {
      const event = readCall(call, inFolder)
      if (event) events.push(event)
    }
  }
  return events
}

/** As strace prints it, with every string and path in hexadecimal. */
function readCall(call: string, inFolder: string): Traced | undefined {
  const [, name, args = '', result] = /^(\w+)\((.*)\) += (-?\d+|\?)/.exec(call) ?? []
  const isSync = name === 'fsync' || name === 'fdatasync'
  const failed = result?.startsWith('-') ?? false
  // A call that failed or that its process did not live through has done nothing, except to what was to be synced.
  if (result === undefined || result === '?' || (failed && !isSync)) return undefined
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
      if (file !== '') return { type: 'sync', file, failed }
      return failed ? undefined : { type: 'sync-folder' }
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
