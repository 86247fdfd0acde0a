/** Recorded editing sessions, from the folder `QUIRE_TRACES`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'

export interface Trace {
  readonly endContent: string
  readonly txns: readonly { readonly patches: readonly (readonly [number, number, string])[] }[]
}

const folder = process.env['QUIRE_TRACES'] ?? fileURLToPath(new URL('../../shared/traces', import.meta.url))

export function readTrace(name: string): Trace {
  const path = join(folder, `${name}.json.gz`)
  try {
    return JSON.parse(gunzipSync(readFileSync(path)).toString()) as Trace // the file is described in its folder
  } catch (cause) {
    throw new Error(`${path} cannot be read: set QUIRE_TRACES to a folder of traces`, { cause })
  }
}

/** Types a trace into the text of a document, one transaction for each of its own. */
export function typeInto(doc: Y.Doc, { txns }: Trace): void {
  const text = doc.getText('content')
  for (const { patches } of txns)
    doc.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted)
        if (inserted) text.insert(position, inserted)
      }
    })
}
