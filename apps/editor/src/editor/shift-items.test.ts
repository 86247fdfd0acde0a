import { ensureSyntaxTree } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPrefix } from './line-markup.ts'
import { markdown } from './markdown.ts'
import { shiftItems } from './shift-items.ts'
import { apply, applyMeanwhile } from './testing/apply.ts'

const moveIn = (marked: string): string | undefined => apply(shiftItems('in'), marked, markdown())
const moveOut = (marked: string): string | undefined => apply(shiftItems('out'), marked, markdown())

describe('a list that counts goes on counting', () => {
  test.each([
    ['1. a\n2. b|\n3. c', '1. a\n   1. b|\n2. c'],
    ['1. a\n‹2. b\n3. c›\n4. d', '1. a\n   ‹1. b\n   2. c›\n2. d'],
    ['1. a\n   1. x\n2. b|\n   1. y\n3. c', '1. a\n   1. x\n   2. b|\n   3. y\n2. c'],
    ['> 1. a\n> 2. b|\n>\n> 3. c', '> 1. a\n>    1. b|\n>\n> 2. c'],
    ['1. a\n2. b|\n   more\n3. c\n\nwords\n\n7. d', '1. a\n   1. b|\n   more\n2. c\n\nwords\n\n7. d'],
  ])('when an item moves in: %j', (before, then) => expect(moveIn(before)).toBe(then))

  test.each([
    ['1. a\n   1. b|\n2. c', '1. a\n2. b|\n3. c'],
    ['1. a\n   1. b\n   2. c|\n   3. d\n2. e', '1. a\n   1. b\n2. c|\n   1. d\n3. e'],
    ['1. a\n   1. b|\n   2. c', '1. a\n2. b|\n   1. c'],
    ['- a\n  1. b\n  2. c|\n  3. d', '- a\n  1. b\n1. c|\n   1. d'],
  ])('when an item moves out: %j', (before, then) => expect(moveOut(before)).toBe(then))
})

describe('all else is left as it is', () => {
  test.each([
    ['1. a\n1. b|\n1. c', '1. a\n   1. b|\n1. c'],
    ['1. a\n2. b|\n7. c', '1. a\n   1. b|\n7. c'],
    ['1. a\n2. b|\n   ```\n   4. x\n   ```', '1. a\n   1. b|\n   ```\n   4. x\n   ```'],
  ])('what did not count: %j', (before, then) => expect(moveIn(before)).toBe(then))

  test('a list that is longer than lists are', () => {
    const items = Array.from({ length: 300 }, (_, index) => `${index + 3}. c`).join('\n')
    expect(moveIn(`1. a\n2. b|\n${items}`)).toBe(`1. a\n   1. b|\n${items}`)
  })

  test('what another types in an item that is counted', () =>
    expect(applyMeanwhile(shiftItems('in'), '1. a\n2. |b\n3. c^', markdown())).toBe('1. a\n   1. b\n2. c^'))
})

describe('what is nested is as far in as the mark is wide that it is in', () => {
  test.each([
    ['10. a\n- b|', '10. a\n    - b|'],
    ['9. a\n10. b|\n    - c', '9. a\n   1. b|\n      - c'],
  ])('when it moves in: %j', (before, then) => expect(moveIn(before)).toBe(then))

  test.each([
    ['10. a\n    1. b|', '10. a\n11. b|'],
    ['- a\n    - b|', '- a\n- b|'],
    ['- a\n\t- b|', '- a\n- b|'],
    ['9. a\n   1. b|\n   2. c\n      - d\n10. e', '9. a\n10. b|\n    1. c\n       - d\n11. e'],
    ['8. a\n   1. b|\n9. c\n   - d\n\n   e', '8. a\n9. b|\n10. c\n    - d\n\n    e'],
  ])('when it moves out: %j', (before, then) => expect(moveOut(before)).toBe(then))
})

/** The lines of an outline that is as deep at each line, counted and indented as it is to be. */
function outline(depths: readonly number[]): string {
  const numbers: number[] = []
  const indents = [0]
  const lines = depths.map((wanted) => {
    const depth = Math.min(wanted, numbers.length)
    numbers.length = depth + 1
    const number = (numbers[depth] ?? 0) + 1
    numbers[depth] = number
    const mark = `${number}. `
    indents[depth + 1] = (indents[depth] ?? 0) + mark.length
    return `${' '.repeat(indents[depth] ?? 0)}${mark}x`
  })
  return lines.join('\n')
}

/** What each line is to its syntax: how deep it is in lists, and which it is in its own. */
function understood(state: EditorState): readonly string[] {
  const tree = ensureSyntaxTree(state, state.doc.length, 5_000)
  return Array.from(state.doc.iterLines(), (text, index) => {
    const at = state.doc.line(index + 1).from + readPrefix(text).outer.length
    let node = tree?.resolveInner(at, 1)
    while (node && (node.name !== 'ListItem' || node.from !== at)) node = node.parent ?? undefined
    const place = node?.parent?.getChildren('ListItem').findIndex(({ from }) => from === at) ?? -1
    let depth = 0
    for (let up = node; up; up = up.parent ?? undefined) if (up.name === 'ListItem') depth++
    return `${depth}: ${place + 1}`
  })
}

test.each(['in', 'out'] as const)('whatever is moved %s, each number says which item it is', (direction) => {
  const depths = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(depths, fc.nat({ max: 29 }), fc.nat({ max: 3 }), (wanted, first, more) => {
      const doc = outline(wanted)
      const start = EditorState.create({ doc, extensions: markdown() })
      const line = (index: number) => start.doc.line(Math.min(index + 1, wanted.length))
      const outerAt = (index: number) => readPrefix(line(index).text).outer.length
      // What follows nothing can be nested in nothing.
      fc.pre(
        direction === 'out' || (first > 0 && first < wanted.length && outerAt(first - 1) >= outerAt(first)),
      )
      const selection = { anchor: line(first).to, head: line(first + more).to }
      let { state } = start.update({ selection })
      shiftItems(direction)({ state, dispatch: (transaction) => void (state = transaction.state) })
      const numbers = understood(state).map((said) => said.replace(/.*: /u, ''))
      expect(Array.from(state.doc.iterLines(), (text) => /\d+/u.exec(text)?.[0])).toEqual(numbers)
    }),
    { numRuns: 500 },
  )
})
