/** `quire restore`: puts a backup into a data folder. */
import { resolve } from 'node:path'
import { declare } from '../cli/command.ts'
import { text } from '../config-values.ts'

export const restore = declare({
  about: `The backup is verified first, down to every row; one that was cut short or altered is refused. No server may be
running on the folder. Whatever fails, the folder is left as it was; after one that was killed no server starts on half of
it, and the next restore begins by undoing it.

People who wrote after the backup was made lose nothing that their browsers still keep: when they come back, the pages
find that the server lacks it and send it again.`,
  arguments: { backup: { help: 'the folder that `quire backup` made', kind: text } },
  flags: {
    replace: {
      help: 'move aside what is in the data folder (quire.db.before-restore-…); nothing is deleted',
    },
  },
  examples: [
    {
      does: 'fills an empty data folder',
      line: 'quire restore /backups/quire-2026-11-28T05-00-00Z --data /var/lib/quire',
    },
  ],
  endings: ['damaged'],
  async run({ backup, data, replace }, { progress }) {
    const { restore: putBack } = await import('../backup/restore.ts')
    const { countInWords, damageInWords } = await import('../backup/words.ts')
    const folder = resolve(data)
    const restored = putBack({
      backup: resolve(backup),
      data: folder,
      replace,
      now: new Date(),
      tell: (what) => progress.show(`Restore: ${what}`),
    })
    const { documents, created, hasSecret, movedAside, damage } = restored
    const lines = [
      `${folder} holds ${countInWords(documents, 'document')} as of ${created}.`,
      ...movedAside.map((path) => `What was there is now ${path}.`),
      ...(hasSecret
        ? []
        : ['The backup holds no secret: put yours back, or the next start makes a new one.']),
      ...(damage.length > 0 ? [`Damaged when the backup was made:\n${damageInWords(damage)}`] : []),
    ]
    return {
      data: { data: folder, documents, created, hasSecret, movedAside, damage },
      text: `${lines.join('\n')}\n`,
    }
  },
})
