/** `quire verify`: is everything that is stored what was written? */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CommandFailure, declare } from '../cli/command.ts'
import { text } from '../config-values.ts'
import type { Damage, Verification } from '../storage/sqlite/verify.ts'

export const verify = declare({
  about: `Reads every page and every row, of one moment; a server may go on running meanwhile. Nothing is changed. Each
damaged document is named, with what is wrong and where; a running server serves all others.

A backup is held against its manifest as well.`,
  arguments: {
    path: { help: 'a backup, or a data folder; absent: the data folder', kind: text, repeat: '?' },
  },
  flags: {},
  examples: [
    { does: 'looks through the data folder', line: 'quire verify --data /var/lib/quire' },
    { does: 'looks through a backup', line: 'quire verify /backups/quire-2026-11-28T05-00-00Z' },
  ],
  endings: ['damaged'],
  async run({ path, data }, { progress }) {
    const { countInWords, damageInWords, sizeInWords } = await import('../backup/words.ts')
    const folder = resolve(path ?? data)
    const startedAt = performance.now()
    const tell = (documents: number): void => progress.show(`Verifying: ${documents} documents`)
    const { kind, damage, ...found } = await look(folder, path !== undefined, tell)
    const seconds = (performance.now() - startedAt) / 1000
    const { documents = 0, entries: updates = 0, bytes = 0, schema } = found.verification ?? {}
    const isSound = damage.length === 0
    const what = `${folder}, a ${kind}`
    const size = `${countInWords(documents, 'document')}, ${countInWords(updates, 'update')} of ${sizeInWords(bytes)}`
    return {
      data: { path: folder, kind, sound: isSound, schema, documents, updates, bytes, seconds, damage },
      text: isSound
        ? `${what}, is sound: ${size}, in ${seconds.toFixed(1)} s.\n`
        : `${what}, is damaged (${size}):\n${damageInWords(damage)}\n`,
      ...(!isSound && { ending: 'damaged' }),
    }
  },
})

interface Look {
  readonly kind: 'backup' | 'data folder'
  readonly verification: Verification | undefined
  readonly damage: readonly Damage[]
}

/** Every folder that a server has run on has a lock, so that one which came about by copying a backup is no backup. */
async function look(folder: string, isNamed: boolean, tell: (documents: number) => void): Promise<Look> {
  const { demandBackup, inspectBackup } = await import('../backup/inspect.ts')
  const isBackup = isNamed && !existsSync(join(folder, 'quire.lock'))
  if (isBackup) demandBackup(folder)
  try {
    if (isBackup) {
      const { verification, manifest, faults } = inspectBackup(folder, tell)
      const known = manifest?.damage.map(({ document, what }) => ({ document: document ?? undefined, what }))
      return { kind: 'backup', verification, damage: [...faults, ...(known ?? [])] }
    }
    const database = join(folder, 'quire.db')
    if (!existsSync(database)) throw new Error('there is no quire.db')
    const { verifyDatabase } = await import('../storage/sqlite/verify.ts')
    const verification = verifyDatabase(database, { isStill: false, tell })
    return { kind: 'data folder', verification, damage: verification.damage }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CommandFailure('failed', 'not-verified', `${folder} cannot be verified: ${reason}.`, { cause })
  }
}
