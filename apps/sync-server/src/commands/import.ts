/** `quire import`: makes a document of each file, or takes over the documents of another server. */
import { z } from 'zod'
import { CommandFailure, declare, type Outcome } from '../cli/command.ts'
import { Failures } from '../cli/failures.ts'
import { count, table, type Column } from '../cli/format.ts'
import { publicUrlFlag, withOperator, type Operator } from '../cli/operator.ts'
import type { Progress } from '../cli/progress.ts'
import { ConfigError } from '../config.ts'
import { text } from '../config-values.ts'
import { madeDocument } from '../http/answers.ts'
import { textsIn } from '../import/texts-in.ts'
import { importDocuments, sourceNames } from './import-documents.ts'

interface Imported {
  readonly file: string
  readonly id: string
  readonly links: { readonly own: string; readonly edit: string; readonly view: string }
}

export const importFiles = declare({
  about: `Of a folder, the Markdown and text files in it and in the folders within it (.md, .markdown, .txt, .text); hidden ones and
    links are left alone. Text is UTF-8, or UTF-16 that says so; each document is titled with the name of its file. What
    is no text is told, and the others are imported all the same.

    With --from, the documents of another Yjs server, each under its own name and whole, whatever it is made of: what y-leveldb
    keeps for a y-websocket server (the folder in YPERSISTENCE; stop that server first), or Hocuspocus in SQLite (its file). Neither
    is changed, nor is a document that Quire has already. Quire's editor shows the Y.Text in the root content; --root copies
    another there, as plain text.

    The owner's link of each document is printed, and by --json the others too. Keep them: nobody can be shown them again.`,
  usages: ['<path...> [options]', '--from <program> <path> [options]'],
  arguments: { path: { help: 'a file, or a folder of files', kind: text, repeat: '+' } },
  flags: {
    from: {
      help: `what kept the documents: ${sourceNames.join(' or ')}`,
      kind: z.enum(sourceNames, `must be one of ${sourceNames.join(', ')}`).optional(),
      value: 'program',
    },
    root: {
      help: 'with --from: the Y.Text to show, copied where content has no text',
      kind: text.optional(),
      value: 'name',
    },
    withoutLinks: {
      help: 'with --from: for rooms that are open to all, or opened by tokens of your own',
    },
    publicUrl: publicUrlFlag,
  },
  examples: [
    { does: 'a folder of notes', line: 'quire import ~/notes' },
    { does: 'the rooms of a y-websocket server', line: 'quire import --from y-leveldb ./dbDir' },
    { does: 'the links, for later', line: 'quire import ~/notes --json > links.json' },
  ],
  run: async ({ path, from, root, withoutLinks, ...input }, { progress, heedInterrupt }) => {
    if (from === undefined && (root !== undefined || withoutLinks))
      throw new ConfigError('--root and --without-links are for documents: say --from as well.')
    const [source = '', ...others] = path
    if (from !== undefined && others.length > 0) throw new ConfigError('With --from, name one path alone.')
    return withOperator(
      input,
      (operator) => {
        // The links of what has been made are to be printed whatever comes.
        const told = { progress, interrupted: heedInterrupt() }
        return from === undefined
          ? importTexts(operator, path, told)
          : importDocuments(operator, { from, path: source, root, hasLinks: !withoutLinks, ...told })
      },
      { mayMake: true },
    )
  },
})

async function importTexts(
  operator: Operator,
  paths: readonly string[],
  { progress, interrupted }: { readonly progress: Progress; readonly interrupted: AbortSignal },
): Promise<Outcome> {
  const failures = new Failures()
  const imported: Imported[] = []
  let passedOver = 0
  for await (const found of textsIn(paths)) {
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
    throw new CommandFailure('failed', 'nothing-to-import', 'There are no Markdown or text files there.')
  const rest = passedOver > 0 ? `${count(passedOver, 'other file')} passed over\n` : ''
  return {
    data: { imported, passedOver, failures: failures.list },
    text: (imported.length > 0 ? table(columns, imported) : '') + rest,
    ...failures.outcome,
  }
}

const columns: readonly Column<Imported>[] = [
  { head: 'FILE', cell: ({ file }) => file },
  { head: 'OWNER’S LINK', cell: ({ links }) => links.own },
]
