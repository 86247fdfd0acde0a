import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareDataFolder, watchLock } from './data-folder.ts'
import { ManualClock } from './room/manual-clock.ts'
import { lock } from './storage/sqlite/lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quire-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.runIf(process.platform === 'linux')('the data folder', () => {
  it.each([
    ['NFS', 0x6969],
    ['SMB', 0x517b],
    ['SMB', 0xfe534d42],
    ['SMB', 0xff534d42],
  ])('100 may not lie on %s (%i)', (name, type) => {
    expect(() => prepareDataFolder(folder, () => type)).toThrow(`it lies on a network file system (${name})`)
  })

  it('may lie on this disk', () => {
    expect(() => prepareDataFolder(folder)).not.toThrow()
  })
})

describe('the lock of the data folder', () => {
  /** Whether it was found to be lost before `befall` came over it, and after. */
  function watched(befall: (path: string) => void): [before: boolean, after: boolean] {
    const path = join(folder, 'quire.lock')
    const held = lock(path)
    const clock = new ManualClock()
    let isLost = false
    const stop = watchLock(folder, clock, () => (isLost = true))
    const minute = 60_000
    clock.advance(minute)
    const before = isLost
    befall(path)
    clock.advance(minute)
    stop()
    held.close()
    return [before, isLost]
  }

  it.each<[string, (path: string) => void]>([
    ['removed', (path) => rmSync(path)],
    ['moved away', (path) => renameSync(path, `${path}.old`)],
    [
      'replaced',
      (path) => {
        writeFileSync(`${path}.new`, '')
        renameSync(`${path}.new`, path)
      },
    ],
  ])('is lost when it is %s', (_, befall) => {
    expect(watched(befall)).toEqual([false, true])
  })

  it('is not lost when somebody else tries to take it', () => {
    const attempt = (path: string): void => expect(() => lock(path)).toThrow('another server is using it')
    expect(watched(attempt)).toEqual([false, false])
  })
})
