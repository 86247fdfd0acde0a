/** `quire backup`: a verified copy of everything, while the server runs. */
import { resolve } from 'node:path'
import { declare } from '../cli/command.ts'
import { text, wholeNumber } from '../config-values.ts'

export const backup = declare({
  about: `A server may go on running on the data folder: it is neither waited for nor held up, and the backup holds every
edit that was saved before it began. It is a folder with quire.db, secret and a manifest, which is there only once it
is whole, on the disk and verified. If something in the data folder is damaged already, the backup is made all the
same, says so, and takes the place of no older one.

Keep it as safe as the data folder itself: whoever reads it reads every document, and whoever has the secret can sign
tokens for them.`,
  arguments: {
    target: {
      help: 'a folder to put a dated backup into, or a name that is not taken for the backup itself',
      kind: text,
    },
  },
  flags: {
    keep: {
      help: 'once it is made, remove all but the newest backups in that folder; nothing else is touched',
      kind: wholeNumber(1, 100_000).optional(),
      value: 'count',
    },
    noSecret: { help: 'leave the secret out, for those who keep it elsewhere' },
  },
  examples: [
    {
      does: 'makes /backups/quire-2026-11-28T05-00-00Z',
      line: 'quire backup /backups --data /var/lib/quire',
    },
    { does: 'keeps the backups of a fortnight', line: 'quire backup /backups --keep 14' },
  ],
  endings: ['damaged'],
  async run({ target, data, keep, noSecret }, { progress }) {
    const { backUp } = await import('../backup/back-up.ts')
    const { countInWords, damageInWords, sizeInWords } = await import('../backup/words.ts')
    const startedAt = performance.now()
    const made = await backUp({
      data: resolve(data),
      target: resolve(target),
      keep,
      withSecret: !noSecret,
      now: new Date(),
      tell: (what) => progress.show(`Backup: ${what}`),
    })
    const seconds = (performance.now() - startedAt) / 1000
    const { path, documents, entries, bytes, hasSecret, damage, removed, datedLater } = made
    const lines = [
      `${path}: ${countInWords(documents, 'document')}, ${sizeInWords(bytes)}, in ${seconds.toFixed(1)} s.`,
      ...(removed.length > 0 ? [`Removed ${countInWords(removed.length, 'older backup')}.`] : []),
      ...(damage.length > 0 ? [`Damaged in ${data}, and so in the backup:\n${damageInWords(damage)}`] : []),
    ]
    return {
      data: { path, documents, updates: entries, bytes, hasSecret, seconds, damage, removed, datedLater },
      text: `${lines.join('\n')}\n`,
      warnings: datedLater.map(
        (later) =>
          `${later} is dated after this backup, and is older: the clock of this machine was wrong then, or is now.`,
      ),
      ...(damage.length > 0 && { ending: 'damaged' }),
    }
  },
})
