/** `quire new`: makes a document, and prints its links. */
import { z } from 'zod'
import { declare } from '../cli/command.ts'
import { facts } from '../cli/format.ts'
import { publicUrlFlag, withOperator } from '../cli/operator.ts'
import { ConfigError } from '../config.ts'
import { text } from '../config-values.ts'
import { madeDocument } from '../http/answers.ts'
import { readTextFile, titleFromPath } from '../import/text-file.ts'

export const makeNew = declare({
  about: `Keep the owner's link: nobody can be shown it again, and the others follow from it. If it is lost,
    \`quire link <document> --role own\` makes another.`,
  arguments: {
    file: {
      help: 'what it begins with, in UTF-8 or UTF-16; - reads standard input; nothing: it is empty',
      kind: text,
      repeat: '?',
    },
  },
  flags: {
    title: {
      help: 'default: the name of the file',
      kind: z.string().max(256, 'must have at most 256 letters').optional(),
      value: 'words',
    },
    language: {
      help: 'what it is written in, as in the editor (python, plain…); default: Markdown',
      kind: z.string().max(64, 'must have at most 64 letters').optional(),
      value: 'name',
    },
    publicUrl: publicUrlFlag,
  },
  examples: [
    { does: 'an empty document', line: 'quire new --title "Shopping list"' },
    { does: 'one that begins with what another program says', line: 'date | quire new --title Today -' },
  ],
  run: async ({ file, title, language = '', ...input }) => {
    const content = file === undefined ? undefined : await readTextFile(file)
    if (content?.type === 'refused') throw new ConfigError(`${file}: ${content.reason}.`)
    const named = title ?? (file === undefined || file === '-' ? '' : titleFromPath(file))
    const body = { title: named, language, text: content?.text ?? '' }
    const made = await withOperator(input, (operator) => operator.post('/documents', body, madeDocument), {
      mayMake: true,
    })
    const { own, edit, view } = made.links
    return {
      data: made,
      text: facts([
        ['id', made.id],
        ['own', own],
        ['edit', edit],
        ['view', view],
      ]),
    }
  },
})
