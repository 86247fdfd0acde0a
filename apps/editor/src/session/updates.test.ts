import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { isTakenIn } from './updates.ts'

/** An update for each step that a client takes upon the ones before. */
function steps(...each: readonly ((text: Y.Text) => void)[]): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const step of each) step(doc.getText('content'))
  return updates
}

describe('an update', () => {
  const [first, second, third] = steps(
    (text) => text.insert(0, 'one'),
    (text) => text.insert(3, ' two'),
    (text) => text.delete(5, 1),
  ) as [Uint8Array, Uint8Array, Uint8Array]

  it.each([
    ['is taken in with all it builds on', [first, second], second, true],
    ['is not, as long as that is missing', [second], second, false],
    ['is not, if only a part of it is there', [first], Y.mergeUpdates([first, second]), false],
    ['that deletes is taken in with what it deletes', [first, second, third], third, true],
    ['that deletes is not, as long as that is missing', [first, third], third, false],
  ])('%s', (_, updates, update, isThere) => {
    const doc = new Y.Doc()
    for (const each of updates) Y.applyUpdate(doc, each)
    expect(isTakenIn(doc, update)).toBe(isThere)
  })
})
