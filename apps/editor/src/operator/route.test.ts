import { expect, test } from 'vitest'
import { documentIn, placeOf } from './route.ts'

test.each(['Zb3kQ0a1xWq9LmTy', 'team/notes 1', '%', '#', 'سلام', '../..', '<b>', 'a?b&c'])(
  'a document has a place, whatever it is called: %s',
  (id) => {
    expect(documentIn(placeOf(id))).toBe(id)
  },
)

test.each([
  ['', undefined],
  ['/', undefined],
  ['/d/', undefined],
  ['/elsewhere', undefined],
  ['/d/%E0%A4', '%E0%A4'],
  ['/d/100%', '100%'],
])('a mistyped place leads to the list, or to nothing: %s', (place, id) => {
  expect(documentIn(place)).toBe(id)
})
