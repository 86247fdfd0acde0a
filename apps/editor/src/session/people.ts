/**
 * Who is here, read from presence. The server vouches for the user of a state; that a server did is not taken on trust,
 * so it is read through a grammar all the same.
 */
import { cleanColour, cleanName, type User } from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type { Person } from './session.ts'

/** What a person is called who has not said. */
export const unnamed = 'Guest'

/** Ourselves first, then by client id, so that nobody changes place while they are here. States without a user are programs, not people. */
export function readPeople(awareness: Awareness): Person[] {
  const people: Person[] = []
  for (const [clientId, state] of awareness.getStates()) {
    const user = readUser(clientId, state)
    if (user)
      people.push({ clientId, name: user.name, colour: user.colour, isSelf: clientId === awareness.clientID })
  }
  return people.toSorted((a, b) => Number(b.isSelf) - Number(a.isSelf) || a.clientId - b.clientId)
}

function readUser(clientId: number, state: Record<string, unknown>): User | undefined {
  const { user } = state
  if (typeof user !== 'object' || user === null) return undefined
  const { id: givenId, name, color } = user as Record<string, unknown> // any object may be asked for any property
  const id = typeof givenId === 'string' ? givenId : String(clientId)
  return { id, name: cleanName(name) || unnamed, colour: cleanColour(color, id) }
}
