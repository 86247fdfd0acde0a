/** The name of the file that a document is downloaded as: its title, as far as every file system takes it. */
import { t } from '../words/index.ts'
import { languageOfFile } from './text-languages.ts'

/** Of the 255 bytes that file systems allow, some are left for what browsers and people add. */
const maxBytes = 200

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const encoder = new TextEncoder()

/** `ending` without a dot. A title that has been the name of such a file keeps the ending it has. */
export function textFileName(title: string, ending = 'md'): string {
  const { stem, own } = /^(?<stem>.+)\.(?<own>[^.]+)$/u.exec(title.trim())?.groups ?? {}
  const isNamed =
    stem !== undefined && own !== undefined && languageOfFile(title.trim())?.endings[0] === ending
  return isNamed ? named(stem, own) : named(title, ending)
}

function named(title: string, ending: string): string {
  const safe = title
    .toWellFormed()
    .normalize('NFC')
    // What means something to a file system, and what is not seen but makes a name read as another; not the joiners, by
    // which words and signs are made. Browsers take no name with U+FFFD in it.
    .replaceAll(/[[\ufffd\p{Cc}\p{Cf}\p{Z}\/\\:*?"<>\|]--[\u200c\u200d]]+/gv, ' ')
  const name = shorten(safe.replace(/^[. ]+/, '')).replace(/[. ]+$/, '')
  if (name === '') return `${t('app.untitled')}.${ending}`
  return `${isReserved(name) ? '_' : ''}${name}.${ending}`
}

function shorten(name: string): string {
  let shortened = ''
  let bytes = 0
  for (const { segment } of characters.segment(name)) {
    bytes += encoder.encode(segment).length
    if (bytes > maxBytes) break
    shortened += segment
  }
  return shortened
}

/** Windows means a device by these, whatever follows the first dot. */
function isReserved(name: string): boolean {
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)
}
