import { deletionOf } from '@quire/protocol'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { structsOf } from './disputes.ts'
import { named } from './renames.ts'
import { findTwins } from './twins.ts'

/** What client 7 has done to a text, as one update. */
function written(begin: Uint8Array, write: (text: Y.Text) => void): Uint8Array {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, begin)
  const before = Y.encodeStateVector(doc)
  doc.clientID = 7
  write(doc.getText('content'))
  return Y.encodeStateAsUpdate(doc, before)
}

const begin = written(Uint8Array.of(0, 0), (text) => text.insert(0, '[]'))
const ours = written(begin, (text) => text.insert(1, 'our own words'))
const theirs = written(begin, (text) => text.insert(0, 'stolen'))

/** What a tab has that was told their words and `more`, with ours under their new names. */
function docOf(more: Uint8Array = Uint8Array.of(0, 0)): {
  doc: Y.Doc
  twins: () => ReturnType<typeof findTwins>
} {
  const stolen = new Y.Doc()
  for (const update of [begin, theirs]) Y.applyUpdate(stolen, update)
  const { edits, renames } = named([{ id: 'a', update: ours }], { known: [], theirs: structsOf(stolen) })
  for (const update of [more, ...edits.map((edit) => edit.update)]) Y.applyUpdate(stolen, update)
  return { doc: stolen, twins: () => findTwins(stolen, renames) }
}

it('what came to the server after their words is found under both names, and goes', () => {
  const { doc, twins } = docOf(ours)
  expect(doc.getText('content').toString()).toBe('stolenn words[our own words]')
  Y.applyUpdate(doc, deletionOf(twins()))
  expect(doc.getText('content').toString()).toBe('stolen[our own words]')
  expect(twins()).toEqual([])
})

it('what they have written on is theirs', () => {
  const more = written(Y.mergeUpdates([begin, theirs]), (text) => text.insert(6, ' words'))
  expect(docOf(more).twins()).toEqual([])
  expect(docOf().twins()).toEqual([])
})
