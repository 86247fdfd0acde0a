/** What a process has used, from /proc: all its threads, as the operating system counts. Linux only. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** USER_HZ: the unit of the times in /proc, 100 a second on every Linux we know. */
const tickMs = 10

/** Milliseconds of CPU time, in it and in the system for it. */
export function cpuMs(pid: number): number {
  // Fields 14 and 15, counted from after the name in brackets, which may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1]) * 1024
}

/** Bytes that a server's thread has in use once its garbage is gone. It has to have been started with `collect.ts`. */
export async function usedBytes({ pid, memoryFile }: { pid: number; memoryFile: string }): Promise<number> {
  // What was just needed is let go of a little later.
  await pause(7000)
  rmSync(memoryFile, { force: true })
  process.kill(pid, 'SIGUSR2')
  while (!existsSync(memoryFile)) await pause(50)
  return Number(readFileSync(memoryFile, 'utf8'))
}
