import { ChangeSet, Text } from '@codemirror/state'
import * as Y from 'yjs'
import { expect, test } from 'vitest'
import { writeChanges } from './write-changes.ts'

const count = 50_000
const unit = 'a,b\n'

/** What it takes is one walk; a walk for each of them takes minutes. */
test.each(['', ';'])('what stands in a text 50,000 times becomes “%s” in it', (insert) => {
  const document = Text.of(unit.repeat(count).split('\n'))
  const commas = Array.from({ length: count }, (_, index) => index * unit.length + 1)
  const changes = ChangeSet.of(
    commas.map((from) => ({ from, to: from + 1, insert })),
    document.length,
  )
  const text = new Y.Doc().getText('content')
  text.insert(0, document.toString())
  text.doc?.transact(() => writeChanges(text, changes, document))
  expect(text.toString()).toBe(changes.apply(document).toString())
})
