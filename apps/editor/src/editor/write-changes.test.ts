import { ChangeSet, Text } from '@codemirror/state'
import * as Y from 'yjs'
import { expect, test } from 'vitest'
import { writeChanges } from './write-changes.ts'

const count = 50_000
const unit = 'a,b\n'

function commasReplaced(document: Text, insert: string): ChangeSet {
  const commas = [...document.toString().matchAll(/,/g)].map(({ index }) => index)
  return ChangeSet.of(
    commas.map((from) => ({ from, to: from + 1, insert })),
    document.length,
  )
}

/** What it takes is one walk; a walk for each of them takes minutes. */
test.each(['', ';'])('what stands in a text 50,000 times becomes “%s” in it', (insert) => {
  const document = Text.of(unit.repeat(count).split('\n'))
  const changes = commasReplaced(document, insert)
  const text = new Y.Doc().getText('content')
  text.insert(0, document.toString())
  text.doc?.transact(() => writeChanges(text, changes, document))
  expect(text.toString()).toBe(changes.apply(document).toString())
})

test('others get no more pieces than their Yjs can cut their text into in a moment', () => {
  const document = Text.of([unit.trim().repeat(count)])
  const text = new Y.Doc().getText('content')
  text.insert(0, document.toString())
  let pieces = 0
  text.observe(({ delta }) => (pieces = delta.filter((part) => part.insert !== undefined).length))
  const changes = commasReplaced(document, ';')
  text.doc?.transact(() => writeChanges(text, changes, document))
  expect(text.toString()).toBe(document.toString().replaceAll(',', ';'))
  expect(pieces).toBe(10_000)
})

test('what stands between far pieces is not written anew, nor what is no text', () => {
  const [apart, near] = [`,${'a'.repeat(100)}`, ',b\ufffcb']
  const document = Text.of([apart.repeat(5_001) + near.repeat(5_001)])
  const text = new Y.Doc().getText('content')
  text.applyDelta(
    document
      .toString()
      .split(/(\ufffc)/u)
      .map((part) => ({ insert: part === '\ufffc' ? { image: 'cat' } : part })),
  )
  let written = 0
  text.observe(({ delta }) => {
    for (const { insert } of delta) if (typeof insert === 'string') written += insert.length
  })
  text.doc?.transact(() => writeChanges(text, commasReplaced(document, ';'), document))
  expect(written).toBe(10_002)
})
