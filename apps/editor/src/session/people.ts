/** Who is here, read from presence. Every state was written by someone else's program, so it is read through a grammar. */
import { cleanColour, cleanName } from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type { Person } from './session.ts'

/** What a person is called who has not said. */
export const unnamed = 'Guest'

/** Ourselves first, then by client id, so that nobody changes place while they are here. States without a user are programs, not people. */
export function readPeople(awareness: Awareness): Person[] {
  const people: Person[] = []
  for (const [clientId, state] of awareness.getStates()) {
    const user: unknown = state['user']
    if (typeof user !== 'object' || user === null) continue
    const { id, name, color } = user as Record<string, unknown> // any object may be asked for any property
    people.push({
      clientId,
      name: cleanName(name) || unnamed,
      colour: cleanColour(color, typeof id === 'string' ? id : String(clientId)),
      isSelf: clientId === awareness.clientID,
    })
  }
  return people.toSorted((a, b) => Number(b.isSelf) - Number(a.isSelf) || a.clientId - b.clientId)
}
