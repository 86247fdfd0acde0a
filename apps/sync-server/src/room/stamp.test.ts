import { limits, maxNameCodePoints, palette, type User } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import type { Identity } from './peer.ts'
import { stamp } from './stamp.ts'

const [colour, otherColour] = palette
const ada: User = { id: 'ada', name: 'Ada', colour }
const signedIn: Identity = { type: 'known', user: ada, mayRename: false }
const guest: Identity = { type: 'known', user: ada, mayRename: true }
const stranger: Identity = { type: 'stranger' }
const everyone = { signedIn, guest, stranger }

/** What becomes of a state that says this. */
function shown(state: object, identity: Identity): unknown {
  return JSON.parse(stamp(JSON.stringify(state), identity).state)
}

describe('A9: a state', () => {
  it.each(Object.entries(everyone))('that names nobody stays as it is, from a %s', (_who, identity) => {
    for (const state of ['{}', '{ "cursor": 1 }', '{"user":null}', '{"name":"Eve","user" : null}'])
      expect(stamp(state, identity)).toEqual({ state, name: undefined })
  })

  it('that tells the truth keeps its bytes', () => {
    const truth = `{ "cursor":1e0, "user":{"color":"${colour}","name":"Ada","id":"ada","more":[1.0]} }`
    for (const identity of [signedIn, guest])
      expect(stamp(truth, identity)).toEqual({ state: truth, name: 'Ada' })
    const own = '{ "user":{"color":"#30bced","colorLight":"#30bced33","name":"Eve"} }'
    expect(stamp(own, stranger)).toEqual({ state: own, name: 'Eve' })
  })

  it('that has been stamped is not changed again', () => {
    const lies = { user: { id: 'eve', name: ' E\u202eve ', color: 'red', colorLight: 'red' }, cursor: [1] }
    for (const identity of Object.values(everyone)) {
      const once = stamp(JSON.stringify(lies), identity)
      expect(stamp(once.state, identity)).toEqual(once)
    }
  })

  it('keeps whatever else is in it', () => {
    const state = JSON.parse(
      '{"cursor":{"a":1},"__proto__":{"b":2},"user":{"id":"eve","avatar":"x","__proto__":3}}',
    )
    const text = stamp(JSON.stringify(state), signedIn).state
    expect(text).toBe(
      `{"cursor":{"a":1},"__proto__":{"b":2},"user":{"id":"ada","avatar":"x","__proto__":3,"name":"Ada","color":"${colour}"}}`,
    )
  })

  it('66 of who is signed in shows the id, name and colour that the server knows', () => {
    const lies = { id: 'eve', name: 'Eve', color: otherColour, colorLight: 'red' }
    const truth = { id: 'ada', name: 'Ada', color: colour, colorLight: `${colour}33` }
    expect(shown({ user: lies }, signedIn)).toEqual({ user: truth })
    expect(shown({ user: {} }, signedIn)).toEqual({ user: { id: 'ada', name: 'Ada', color: colour } })
  })

  it.each(['Eve', 7, true, ['Eve']])('66 with %j for a user shows who is signed in', (user) => {
    expect(shown({ user }, signedIn)).toEqual({ user: { id: 'ada', name: 'Ada', color: colour } })
    expect(shown({ user }, stranger)).toEqual({ user })
  })

  it('66 of a guest shows the name they chose, cleaned, and no other id or colour', () => {
    const user = { id: 'eve', name: '\u202eAda\nLovelace', color: otherColour }
    expect(shown({ user }, guest)).toEqual({ user: { id: 'ada', name: 'Ada Lovelace', color: colour } })
    expect(stamp(JSON.stringify({ user }), guest).name).toBe('Ada Lovelace')
    for (const name of ['', '\u202e', 7, undefined, { toString: 'Eve' }])
      expect(shown({ user: { name } }, guest)).toMatchObject({ user: { name: 'Ada' } })
    const long = 'a'.repeat(maxNameCodePoints + 1)
    expect(shown({ user: { name: long } }, guest)).toMatchObject({ user: { name: long.slice(1) } })
  })

  it('66 of a stranger shows their own name, cleaned, and an id that is no user’s', () => {
    const user = { name: ' Eve\n', color: 'red', colorLight: 'pink' }
    expect(shown({ user }, stranger)).toEqual({ user: { ...user, name: 'Eve' } })
    for (const [id, shownId] of [
      ['ada', 'stranger:ada'],
      [7, 'stranger:7'],
      [['ada'], 'stranger:'],
      ['stranger:ada', 'stranger:ada'],
    ])
      expect(shown({ user: { id } }, stranger)).toEqual({ user: { id: shownId } })
  })

  it('65 is refused if it is not one', () => {
    for (const state of ['{"a":', '7', '[]', 'null', `${'{"a":'.repeat(9)}1${'}'.repeat(9)}`])
      expect(() => stamp(state, stranger)).toThrow(expect.objectContaining({ code: 'presence-malformed' }))
  })

  it('L4: may be as large as the limit with its user in it, and not one character larger', () => {
    const state = (length: number): string => {
      const empty = shown({ user: {}, filling: '' }, signedIn)
      const filling = 'x'.repeat(length - JSON.stringify(empty).length)
      return JSON.stringify({ user: {}, filling })
    }
    expect(stamp(state(limits.maxPresenceStateBytes), signedIn).state).toHaveLength(
      limits.maxPresenceStateBytes,
    )
    expect(() => stamp(state(limits.maxPresenceStateBytes + 1), signedIn)).toThrow(
      expect.objectContaining({ code: 'presence-too-large' }),
    )
  })

  it('L4: is not made to grow by numbers that are short to say', () => {
    const numbers = Array.from({ length: 1000 }, () => '1e20').join(',')
    expect(() => stamp(`{"user":{},"n":[${numbers}]}`, signedIn)).toThrow(
      expect.objectContaining({ code: 'presence-too-large' }),
    )
  })
})
