/** What a process holds in memory, from /proc: its resident pages, not what its heap says of itself. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** In bytes, since the watch began; it can be less than nothing. */
export interface Growth {
  /** At its largest. */
  readonly peak: number
  readonly now: number
}

/** From now on. The answer is undefined where /proc does not tell. */
export function watchMemory(pid: number): () => Growth | undefined {
  if (!existsSync(`/proc/${pid}/status`)) return () => undefined
  // Linux forgets the peak so far.
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const start = statusBytes(pid, 'VmRSS')
  return () => ({ peak: statusBytes(pid, 'VmHWM') - start, now: statusBytes(pid, 'VmRSS') - start })
}

export const mebibyte = 1024 * 1024

export function inMebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`
}

function statusBytes(pid: number, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  if (!found) throw new Error(`/proc tells no ${field}`)
  return Number(found[1]) * 1024
}
