import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { draftOf } from './rescue.ts'
import { replacements, rewrite } from './rewrite.ts'

/** Texts that have much in common, with lines and characters of two units. */
const texts = fc
  .array(fc.constantFrom('one', ' two', '\n', '\n\n', 'three ', '🙂', '🙃', 'ß', '\r\n', ' '), {
    maxLength: 24,
  })
  .map((pieces) => pieces.join(''))

function docOf(text: string): Y.Doc {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, text)
  return doc
}

/** A separate document with the same content and ids. */
function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}

describe('where two texts differ', () => {
  it('is said in order, and makes one of the other', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        let made = before
        let end = 0
        const changes = replacements(before, after)
        for (const { from, to } of changes) {
          expect(from).toBeGreaterThanOrEqual(end)
          expect(to).toBeLessThanOrEqual(before.length)
          end = to
        }
        for (const { from, to, insert } of changes.toReversed())
          made = made.slice(0, from) + insert + made.slice(to)
        expect(made).toBe(after)
        if (before === after) expect(changes).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('leaves alone what is between', () => {
    const middle = 'a line that nobody has touched\n'.repeat(50)
    const changes = replacements(`one\n${middle}two`, `One\n${middle}two and three`)
    expect(changes).toEqual([
      { from: 0, to: 4, insert: 'One\n' },
      { from: 4 + middle.length + 3, to: 4 + middle.length + 3, insert: ' and three' },
    ])
  })
})

describe('what is written anew', () => {
  it('says what it is to say, and keeps what others write meanwhile', () => {
    fc.assert(
      fc.property(texts, texts, fc.string({ maxLength: 20 }), (before, after, title) => {
        const saved = docOf(before)
        const others = copyOf(saved)
        const place = before.indexOf('\n') + 1
        others.getText('content').insert(place, 'OTHERS')
        const updates = rewrite(copyOf(saved), { title, text: after })
        const alone = copyOf(saved)
        for (const update of updates) {
          Y.applyUpdate(alone, update)
          Y.applyUpdate(others, update)
        }
        expect(draftOf(alone)).toEqual({ title, text: after })
        expect(draftOf(others).text.replace('OTHERS', '')).toBe(after)
        expect(draftOf(others).text).toContain('OTHERS')
      }),
      { numRuns: 100 },
    )
  })

  it('is nothing if there is nothing to say', () => {
    expect(rewrite(docOf('the same'), { title: '', text: 'the same' })).toEqual([])
  })

  it('comes in pieces, none of which is large or ends within a character', () => {
    const text = '🙂'.repeat(200_000)
    const updates = rewrite(docOf(''), { title: '', text })
    expect(updates.length).toBeGreaterThan(1)
    for (const update of updates) expect(update.length).toBeLessThan(600_000)
    const doc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(doc, update)
    expect(draftOf(doc).text === text).toBe(true)
  })

  it('counts what is no text as one', () => {
    const doc = docOf('ab')
    doc.getText('content').insertEmbed(1, { image: 1 })
    const copy = copyOf(doc)
    for (const update of rewrite(doc, { title: '', text: 'a\ufffcBc' })) Y.applyUpdate(copy, update)
    expect(copy.getText('content').toDelta()).toEqual([
      { insert: 'a' },
      { insert: { image: 1 } },
      { insert: 'Bc' },
    ])
  })
})
