/** A folder of one test's own, gone when the test is. */
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export function temporaryFolder(parent = tmpdir()): string {
  const path = mkdtempSync(join(parent, 'quire-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** For files that are written by the thousand and need no disk: a folder in memory where there is a large one. */
export function memoryFolder(): string {
  const shared = '/dev/shm'
  if (!existsSync(shared)) return temporaryFolder()
  const { bavail, bsize } = statfsSync(shared)
  return temporaryFolder(bavail * bsize > 2 ** 28 ? shared : undefined)
}
