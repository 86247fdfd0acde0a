/** `quire delete`: takes documents away, for everyone and for good. */
import { CommandFailure, declare } from '../cli/command.ts'
import { count } from '../cli/format.ts'
import { documentId } from '../cli/kinds.ts'
import { documentPath, withOperator } from '../cli/operator.ts'
import { ConfigError } from '../config.ts'
import { documentSummary } from '../http/operator/shapes.ts'
import { titleOf } from './list.ts'

export const remove = declare({
  about: `Whoever has one open is sent away, and it is gone from the database, with its links and all it ever said; backups that
    were made before still have it. Documents are looked up first: if one is not there, none is deleted.`,
  arguments: { document: { help: 'its id, or any link to it', kind: documentId, repeat: '+' } },
  flags: { yes: { help: 'do not ask' } },
  examples: [{ does: 'in a script, which nobody could answer', line: 'quire delete --yes Zb3kQ0a1xWq9LmTy' }],
  endings: ['unknown'],
  run: async ({ document, yes, ...input }, { confirm }) =>
    withOperator(input, async (operator) => {
      const documents = await Promise.all(
        [...new Set(document)].map((id) => operator.get(documentPath(id), documentSummary)),
      )
      const names = documents.map((each) => `  ${each.id}  ${titleOf(each)}`).join('\n')
      if (!yes) {
        const isWanted = await confirm(`${names}\nDelete ${count(documents.length, 'document')} for good?`)
        if (isWanted === undefined)
          throw new ConfigError('Nobody is here to be asked: say --yes to delete for good.')
        if (!isWanted) throw new CommandFailure('failed', 'not-confirmed', 'Nothing is deleted.')
      }
      const deleted: string[] = []
      for (const { id } of documents) {
        await operator.delete(documentPath(id))
        deleted.push(id)
      }
      return { data: { deleted }, text: deleted.map((id) => `deleted ${id}\n`).join('') }
    }),
})
