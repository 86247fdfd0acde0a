import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareDataFolder } from './data-folder.ts'

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
