/** What becomes of a file that is to be a document: its text, a title, a language, or why it cannot be one. */
import { headingsOf } from '../editor/headings.ts'
import { languageOfFile, markdownId, plainId } from './text-languages.ts'
import { maxTitleLength } from './title-length.ts'

export type ReadFile =
  | { readonly type: 'text'; readonly title: string; readonly text: string; readonly language: string }
  | { readonly type: 'refused'; readonly reason: 'too-large' | 'no-text' }

/** A text of this size still fits into a message with all that is around it, and into a browser. */
export const maxFileBytes = 10 * 1024 * 1024

/** Headings further down are not what a file is about. */
const firstLines = 50

export function readFile({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): ReadFile {
  if (bytes.length > maxFileBytes) return { type: 'refused', reason: 'too-large' }
  // Line breaks become those of the editor, which knows one kind: of another, what is typed
  // at the end of a line would stand between its two characters.
  const text = decode(bytes)?.replaceAll(/\r\n?/gu, '\n')
  // No text that people write has it, and hardly any other file has none.
  if (text === undefined || text.includes('\0')) return { type: 'refused', reason: 'no-text' }
  // An ending that is not known is one of something else, in which no heading is looked for; most texts without any are notes.
  const language = languageOfFile(name)?.id ?? (name.includes('.') ? plainId : markdownId)
  return { type: 'text', title: titleOf(name, { text, language }), text, language }
}

/**
 * UTF-8, or UTF-16 if it says so. The mark that says so is not part of the text, but one before UTF-8 is kept, which needs
 * none: the text is downloaded as the file was.
 */
function decode(bytes: Uint8Array): string | undefined {
  const encodings: readonly (readonly [mark: readonly number[], label: string])[] = [
    [[0xff, 0xfe], 'utf-16le'],
    [[0xfe, 0xff], 'utf-16be'],
  ]
  const found = encodings.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))
  try {
    return new TextDecoder(found?.[1] ?? 'utf-8', { fatal: true, ignoreBOM: !found }).decode(bytes)
  } catch {
    return undefined // not in this encoding
  }
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
