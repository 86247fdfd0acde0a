import { palette, type User } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import { Colours } from './colours.ts'

const [first, second, third] = palette
const someone = (id: string, colour: string): User => ({ id, name: id, colour })
const anna = someone('anna', first)

/** The colours that these wear who came in this order. */
function worn(...users: readonly User[]): string[] {
  const colours = new Colours()
  return users.map((user) => colours.take(user).colour)
}

describe('a colour in a room', () => {
  it('is the user’s own while nobody else wears it', () => {
    expect(worn(someone('bo', second), anna)).toEqual([second, first])
  })

  it('is the next that nobody wears, else', () => {
    expect(worn(someone('bo', first), someone('cy', second), anna)).toEqual([first, second, third])
  })

  it('comes after the last from the first on', () => {
    const last = palette.at(-1) ?? first
    expect(worn(someone('bo', last), someone('cy', last))).toEqual([last, first])
  })

  it('is the same in all tabs of one user', () => {
    expect(worn(someone('bo', first), anna, anna)).toEqual([first, second, second])
  })

  it('is the user’s own when all are worn', () => {
    const everyone = palette.map((colour, index) => someone(`someone ${index}`, colour))
    expect(worn(...everyone, anna).at(-1)).toBe(first)
  })

  it('is free again once the last tab of who wore it is gone', () => {
    const colours = new Colours()
    colours.take(anna)
    colours.take(anna)
    colours.giveBack(anna)
    expect(colours.take(someone('bo', first)).colour).toBe(second)
    colours.giveBack(anna)
    expect(colours.take(someone('cy', first)).colour).toBe(first)
  })
})
