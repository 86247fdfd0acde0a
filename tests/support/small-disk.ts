/** A disk of a few megabytes, in memory, that a test can fill to the last byte and make room on again. */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface SmallDisk {
  readonly folder: string
  /** Safe to repeat: takes what has become free since, but for the last bytes of it. */
  fill(exceptBytes?: number): void
  free(): void
}

/** Only root may mount, and not in every container. */
export function maySmallDisk(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'quire-disk-'))
  try {
    mount(folder, { bytes: 64 * 1024 })
    unmount(folder)
    return true
  } catch {
    return false
  } finally {
    rmdirSync(folder)
  }
}

interface Size {
  readonly bytes: number
  /** How many files and folders there may be on it; absent: as many as fit. */
  readonly files?: number
}

/** Unmounted with the test, after everything it starts later has ended. */
export function smallDisk(size: Size): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'quire-disk-'))
  mount(folder, size)
  onTestFinished(() => {
    unmount(folder)
    rmdirSync(folder)
  })
  const filler = join(folder, 'filler')
  return {
    folder,
    fill(exceptBytes = 0) {
      const file = openSync(filler, 'a')
      try {
        // By pages, since that is how a disk in memory counts.
        for (;;) writeSync(file, new Uint8Array(4096))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
        ftruncateSync(file, fstatSync(file).size - exceptBytes)
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(filler, { force: true }),
  }
}

/** Holds a folder `data`, and takes no more. */
export function readOnlyDisk(): string {
  const { folder } = smallDisk({ bytes: 64 * 1024 })
  mkdirSync(join(folder, 'data'))
  execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'pipe' })
  return folder
}

function mount(folder: string, { bytes, files }: Size): void {
  // The folder itself is one of them.
  const options = [`size=${bytes}`, ...(files === undefined ? [] : [`nr_inodes=${files + 1}`])]
  execFileSync('mount', ['-t', 'tmpfs', '-o', options.join(), 'tmpfs', folder], { stdio: 'pipe' })
}

/** Lazily, so that a file that is still open does not leave the mount behind. */
function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' })
}
