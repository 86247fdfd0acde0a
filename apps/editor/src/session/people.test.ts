import { palette } from '@quire/protocol'
import { afterEach, describe, expect, it, test } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { readPeople, SeenUsers } from './people.ts'

const opened: Awareness[] = []
afterEach(() => {
  for (const awareness of opened.splice(0)) awareness.destroy()
})

/** An awareness in which these states have been heard of, under client ids 1, 2, 3… */
function hearing(...states: object[]): Awareness {
  const here = awarenessOf(99)
  for (const [index, state] of states.entries()) {
    const there = awarenessOf(index + 1)
    there.setLocalState({ ...state })
    applyAwarenessUpdate(here, encodeAwarenessUpdate(there, [there.clientID]), 'test')
  }
  return here
}

function awarenessOf(clientId: number): Awareness {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const awareness = new Awareness(doc)
  opened.push(awareness)
  return awareness
}

const [first, second] = palette

describe('people', () => {
  it('are those with a user, ourselves first, then by name', () => {
    const here = hearing({ user: { name: 'Cy', color: first } }, { cursor: null }, { user: { name: 'Bo' } })
    here.setLocalState({ user: { name: 'Anna', color: second } })
    expect(readPeople(here).map(({ name, isSelf }) => [name, isSelf])).toEqual([
      ['Anna', true],
      ['Bo', false],
      ['Cy', false],
    ])
  })

  it('are each there once, with all their tabs, and we as we are called here', () => {
    const here = hearing(
      { user: { id: 'bo', name: 'Bo', color: first } },
      { user: { id: 'anna', name: 'Anna', color: second } },
      { user: { id: 'bo', name: 'Bo', color: first } },
      { user: { name: 'Bo' } },
    )
    here.setLocalState({ user: { id: 'anna', name: 'Anna Lena', color: second } })
    expect(readPeople(here).map(({ name, clientIds }) => [name, clientIds])).toEqual([
      ['Anna Lena', [99, 2]],
      ['Bo', [1, 3]],
      ['Bo', [4]],
    ])
  })

  it.each([
    [{ user: 'Anna' }, []],
    [{ user: null }, []],
    [{ user: {} }, ['Guest']],
    [{ user: { name: 7, color: {} } }, ['Guest']],
    [{ user: { name: '\u202eevil\n', color: 'red;position:fixed' } }, ['evil']],
  ])('%j is read as %j, in a colour of the palette', (state, names) => {
    const people = readPeople(hearing(state))
    expect(people.map(({ name }) => name)).toEqual(names)
    for (const { colour } of people) expect(palette).toContain(colour)
  })
})

test('who is here has changed when somebody comes, goes or is called otherwise, and not when they move', () => {
  const here = hearing({ user: { name: 'Bo' }, cursor: 1 }, { cursor: null })
  const seen = new SeenUsers()
  const there = awarenessOf(1)
  const tell = (state: object | null): boolean => {
    there.setLocalState(state && { ...state })
    // As an awareness counts them, the one who hears has heard two before.
    there.setLocalState(there.getLocalState())
    applyAwarenessUpdate(here, encodeAwarenessUpdate(there, [1]), 'test')
    return seen.haveChanged(here, [1])
  }
  expect(seen.haveChanged(here, [1, 2])).toBe(true)
  expect(seen.haveChanged(here, [1, 2])).toBe(false)
  expect(tell({ user: { name: 'Bo' }, cursor: 2 })).toBe(false)
  expect(tell({ user: { name: 'Bodil' }, cursor: 2 })).toBe(true)
  expect(tell({ cursor: 2 })).toBe(true)
  expect(tell({ user: { name: 'Bo' } })).toBe(true)
  expect(tell(null)).toBe(true)
  expect(tell(null)).toBe(false)
})
