/**
 * Names of documents. Documents made by Quire have random ids; rooms of other Yjs apps have whatever name the
 * app put into the URL, slashes and spaces included. A name is a key, never a path on disk.
 */
import { ProtocolError } from './errors.ts'
import { limits } from './limits.ts'

declare const documentName: unique symbol
/** A name that has been through `parseDocumentName`. */
export type DocumentName = string & { readonly [documentName]: true }

// oxlint-disable-next-line no-control-regex -- control characters are what must not be there
const control = /[\u0000-\u001f\u007f-\u009f]/

/**
 * The name in a URL path (as it came over the wire, without its leading slash): percent-decoded once, 1 to 256
 * bytes of UTF-8, no control characters. Throws `document-name-malformed`.
 */
export function parseDocumentName(encoded: string): DocumentName {
  let name: string
  try {
    name = decodeURIComponent(encoded)
  } catch {
    throw malformed('not percent-encoded UTF-8')
  }
  if (!name.isWellFormed()) throw malformed('holds half a character')
  const bytes = new TextEncoder().encode(name).length
  if (bytes === 0) throw malformed('empty')
  if (bytes > limits.maxDocumentNameBytes) throw malformed(`over ${limits.maxDocumentNameBytes} bytes`)
  if (control.test(name)) throw malformed('holds control characters')
  return name as DocumentName // checked above: this is the only place where the brand is given
}

function malformed(reason: string): ProtocolError {
  return new ProtocolError('document-name-malformed', `document name: ${reason}`)
}
