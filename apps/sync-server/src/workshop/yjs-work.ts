/** What the workshop does, as plain functions over Yjs. */
import { randomInt } from 'node:crypto'
import * as Y from 'yjs'
import { admit, assert, Ledger, spliceBytes, unbounded } from '@quire/protocol'
import type { StoredDocument } from '../storage/document-store.ts'
import type { NewText } from './workshop.ts'

export function compact(stored: StoredDocument): Uint8Array {
  const doc = build(stored)
  assert(doc.store.pendingStructs === null, 'every stored struct has its place')
  assert(doc.store.pendingDs === null, 'every stored deletion has its place')
  const compacted = Y.encodeStateAsUpdate(doc)
  // What goes in the place of the log must say all that it said: to our own reader as well.
  const updates = [...(stored.base ? [stored.base] : []), ...stored.tail].map(({ update }) => update)
  const left = admit(spliceBytes(updates), Ledger.of([compacted]), unbounded)
  assert(left.type === 'known', 'nothing is left out')
  return compacted
}

export function readText(stored: StoredDocument): string {
  return build(stored).getText('content').toString()
}

export function readTitle(stored: StoredDocument): string {
  const title = build(stored).getMap('meta').get('title')
  return typeof title === 'string' ? title : ''
}

export function compose({ text, title, language }: NewText): Uint8Array | undefined {
  const doc = new Y.Doc()
  doc.clientID = randomInt(1, 2 ** 32)
  doc.transact(() => {
    if (text) doc.getText('content').insert(0, text.toWellFormed())
    for (const [key, value] of Object.entries({ title, language }))
      if (value) doc.getMap('meta').set(key, value)
  })
  return text || title || language ? Y.encodeStateAsUpdate(doc) : undefined
}

function build({ base, tail }: StoredDocument): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => {
    if (base) Y.applyUpdate(doc, base.update)
    for (const { update } of tail) Y.applyUpdate(doc, update)
  })
  return doc
}
