/** `quire import`: makes a document of each file. */
import { CommandFailure, declare } from '../cli/command.ts'
import { Failures } from '../cli/failures.ts'
import { count, table, type Column } from '../cli/format.ts'
import { publicUrlFlag, withOperator } from '../cli/operator.ts'
import { text } from '../config-values.ts'
import { madeDocument } from '../http/answers.ts'
import { textsIn } from '../import/texts-in.ts'

interface Imported {
  readonly file: string
  readonly id: string
  readonly links: { readonly own: string; readonly edit: string; readonly view: string }
}

export const importFiles = declare({
  about: `Of a folder, the Markdown and text files in it and in the folders within it (.md, .markdown, .txt, .text); hidden ones and
    links are left alone. Text is UTF-8, or UTF-16 that says so; each document is titled with the name of its file. What
    is no text is told, and the others are imported all the same.

    The owner's link of each document is printed, and by --json the others too. Keep them: nobody can be shown them again.`,
  arguments: { path: { help: 'a file, or a folder of files', kind: text, repeat: '+' } },
  flags: { publicUrl: publicUrlFlag },
  examples: [
    { does: 'a folder of notes', line: 'quire import ~/notes' },
    { does: 'the links, for later', line: 'quire import ~/notes --json > links.json' },
  ],
  run: async ({ path, ...input }, { progress, heedInterrupt }) =>
    withOperator(
      input,
      async (operator) => {
        const failures = new Failures()
        const imported: Imported[] = []
        let passedOver = 0
        // The links of what has been made are to be printed whatever comes.
        const interrupted = heedInterrupt()
        for await (const found of textsIn(path)) {
          if (found.type === 'passed-over') {
            passedOver++
            continue
          }
          const { file } = found
          const made = await failures.attempt(file, async () => {
            if (found.type === 'refused') throw new CommandFailure('failed', 'not-text', `${found.reason}.`)
            const { title, text: content } = found
            return operator.post('/documents', { title, text: content }, madeDocument)
          })
          if (made) imported.push({ file, ...made })
          progress.show(`${count(imported.length, 'document')}…`)
          if (interrupted.aborted) {
            failures.add(file, new CommandFailure('failed', 'interrupted', 'Nothing after this is imported.'))
            break
          }
        }
        if (imported.length === 0 && failures.size === 0)
          throw new CommandFailure(
            'failed',
            'nothing-to-import',
            'There are no Markdown or text files there.',
          )
        const rest = passedOver > 0 ? `${count(passedOver, 'other file')} passed over\n` : ''
        return {
          data: { imported, passedOver, failures: failures.list },
          text: (imported.length > 0 ? table(columns, imported) : '') + rest,
          ...failures.outcome,
        }
      },
      { mayMake: true },
    ),
})

const columns: readonly Column<Imported>[] = [
  { head: 'FILE', cell: ({ file }) => file },
  { head: 'OWNER’S LINK', cell: ({ links }) => links.own },
]
