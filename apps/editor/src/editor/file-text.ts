/** The text of a file that somebody chose or dropped, or why it has none, in words that may be shown as they are. */
import { spokenLanguage, t } from '../words/index.ts'

export type FileText =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'failed'; readonly words: string }

/** A text of this size still fits into a message with all that is around it, and into a browser. */
export const maxFileBytes = 10 * 1024 * 1024

export async function textOfFile(file: File): Promise<FileText> {
  const { name } = file
  // A large one is not read to be refused.
  if (file.size > maxFileBytes) {
    const size = new Intl.NumberFormat(spokenLanguage(), { style: 'unit', unit: 'megabyte' })
    return failed(t('import.tooLarge', { name, size: size.format(maxFileBytes / 1024 / 1024) }))
  }
  let bytes: Uint8Array
  try {
    bytes = new Uint8Array(await file.arrayBuffer())
  } catch {
    return failed(t('import.unread', { name })) // a folder, or gone since
  }
  // Line breaks become those of the editor, which knows one kind: of another, what is typed
  // at the end of a line would stand between its two characters.
  const text = decode(bytes)?.replaceAll(/\r\n?/gu, '\n')
  // No text that people write has a zero, and hardly any other file has none; but some that are all letters are to be drawn.
  if (text === undefined || text.includes('\0') || text.startsWith('%PDF-'))
    return failed(t('import.noText', { name }))
  return { type: 'text', text }
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

function failed(words: string): FileText {
  return { type: 'failed', words }
}
