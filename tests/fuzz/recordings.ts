/** Whole recordings of people, edit by edit, through the gate: all admitted, known when they come again, and nothing missing. */
import { admit, Ledger, splice, type ScannedUpdate } from '@quire/protocol'
import * as Y from 'yjs'
import {
  readConcurrentTrace,
  readSequentialTrace,
  recordUpdates,
  type,
  type SequentialTrace,
} from '../support/traces.ts'
import { clientIds, roots } from './documents.ts'
import { documentOf, isSameVector, pictureOf, vectorOf } from './yjs.ts'

export const recordings = ['automerge-paper', 'json-crdt-blog-post', 'clownschool']

/** The updates of the first so many edits. */
export function recordedUpdates(name: string, edits = Infinity): Uint8Array[] {
  if (name !== 'clownschool') return typedUpdates(readSequentialTrace(name), edits)
  const trace = readConcurrentTrace(name)
  return recordUpdates({ ...trace, txns: trace.txns.slice(0, edits) }).map(({ update }) => update)
}

function typedUpdates({ txns }: SequentialTrace, edits: number): Uint8Array[] {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = clientIds[1]
  const updates: Uint8Array[] = []
  doc.on('update', (update) => updates.push(update))
  for (const { patches } of txns.slice(0, edits)) type(doc.getText(roots.text), patches)
  return updates
}

/** What did not hold. */
export function passThroughGate(updates: readonly Uint8Array[]): string[] {
  const ledger = new Ledger()
  const log: ScannedUpdate[] = []
  const found = new Set<string>()
  for (const update of updates) {
    const admission = admit(update, ledger)
    if (admission.type !== 'admitted') {
      found.add(`an edit is ${admission.type}`)
      continue
    }
    if (admission.update.bytes !== update) found.add('an edit is admitted in part')
    ledger.add(admission.update)
    log.push(admission.update)
  }
  for (const update of updates)
    if (admit(update, ledger).type !== 'known') found.add('an edit is not known again')
  const doc = documentOf(updates)
  if (!isSameVector(ledger.stateVector, vectorOf(doc))) found.add('another state vector')
  if (pictureOf(documentOf([splice(log)])) !== pictureOf(doc)) found.add('another text')
  const state = Y.encodeStateAsUpdate(doc)
  if (admit(state, ledger).type !== 'known') found.add('the whole is not known')
  if (!isSameVector(Ledger.of([state]).stateVector, vectorOf(doc)))
    found.add('the whole has another state vector')
  return [...found]
}
