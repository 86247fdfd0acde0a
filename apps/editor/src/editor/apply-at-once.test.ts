import { EditorState, type ChangeSpec } from '@codemirror/state'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyAtOnce, changed } from './apply-at-once.ts'

test('what comes of all changes at once is what comes of one after the other', () => {
  const edit = fc.record({
    skip: fc.nat(3),
    remove: fc.nat(3),
    insert: fc.constantFrom('', 'a', '\n', 'b\r\nc\n', '👩‍🌾'),
  })
  fc.assert(
    fc.property(fc.array(edit), fc.constantFrom('', '\n', 'one two\nthree\n'), (edits, end) => {
      const state = EditorState.create({
        doc: `${'lorem ipsum\n'.repeat(20)}${end}`,
        extensions: EditorState.lineSeparator.of('\n'),
      })
      const specs: ChangeSpec[] = []
      let at = 0
      for (const { skip, remove, insert } of edits) {
        const from = Math.min(at + skip, state.doc.length)
        at = Math.min(from + remove, state.doc.length)
        specs.push({ from, to: at, insert })
      }
      const changes = state.changes(specs)
      expect(changed(state.doc, changes).eq(changes.apply(state.doc))).toBe(true)
    }),
  )
})

test('a transaction of many changes has what they make of the text', () => {
  const { length } = 'ab,'
  const state = EditorState.create({ doc: 'ab,'.repeat(2_000) })
  const commas = Array.from({ length: 2_000 }, (_, index) => index * length + 2)
  const transaction = applyAtOnce(
    state.update({ changes: commas.map((from) => ({ from, to: from + 1, insert: ';;' })) }),
  )
  expect(Object.values(transaction)).toContainEqual(expect.objectContaining({ length: 8_000 }))
  expect(transaction.state.doc.toString()).toBe('ab;;'.repeat(2_000))
})
