/** What becomes of a file that is to be a document: its text, a title, a language, or why it cannot be one. */
import { textOfFile, type FileText } from '../editor/file-text.ts'
import { headingsOf } from '../editor/headings.ts'
import { languageOfFile, markdownId, plainId } from './text-languages.ts'
import { maxTitleLength } from './title-length.ts'

export type ReadFile =
  | { readonly type: 'text'; readonly title: string; readonly text: string; readonly language: string }
  | Extract<FileText, { readonly type: 'failed' }>

/** Headings further down are not what a file is about. */
const firstLines = 50

export async function readFile(file: File): Promise<ReadFile> {
  const read = await textOfFile(file)
  if (read.type === 'failed') return read
  const { name } = file
  const { text } = read
  // An ending that is not known is one of something else, in which no heading is looked for; most texts without any are notes.
  const language = languageOfFile(name)?.id ?? (name.includes('.') ? plainId : markdownId)
  return { type: 'text', title: titleOf(name, { text, language }), text, language }
}

function titleOf(
  name: string,
  { text, language }: { readonly text: string; readonly language: string },
): string {
  const heading =
    language === markdownId
      ? headingsOf(text.split('\n', firstLines)).find(({ title }) => title !== '')
      : undefined
  const withoutEnding = /\.(?:md|markdown|mkd|txt|text)$/i.test(name)
    ? name.replace(/(?<=.)\.[^.]+$/, '')
    : name
  return (heading?.title ?? withoutEnding).trim().slice(0, maxTitleLength).toWellFormed()
}
