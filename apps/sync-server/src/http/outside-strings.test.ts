import { expect, it } from 'vitest'
import { bytesOutsideStrings } from './outside-strings.ts'

function outside(json: string, most = 1000): number {
  return bytesOutsideStrings(new TextEncoder().encode(json), most)
}

it.each([
  ['', 0],
  ['{}', 2],
  ['[1, 2]', 6],
  ['"abc"', 1],
  ['{"a":"b"}', 5],
  ['["",""]', 5],
  [String.raw`["\"",1]`, 5],
  [String.raw`["\\",1]`, 5],
  [String.raw`["\\\"[[[",1]`, 5],
  ['["[{,:}]"]', 3],
  ['["ä€🙂"]', 3],
  ['"never ended', 1],
  [String.raw`"ended by nothing\\\"`, 1],
  ['"', 1],
  ['"\\', 1],
])('of %s it is %i', (json, bytes) => expect(outside(json)).toBe(bytes))

it('is looked for no further than one past what it may be', () => {
  expect([outside('[1,2]', 5), outside('[1,2]', 4), outside('[1,2]', 0)]).toEqual([5, 5, 1])
})
