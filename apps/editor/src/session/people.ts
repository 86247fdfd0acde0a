/** Who is here, read from presence. Every state was written by someone else's program, so it is read through a grammar. */
import { cleanColour, cleanName, palette, type User } from '@quire/protocol'
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

/** The user's own colour, or the next one in the palette that nobody else here has. Their other tabs are not somebody else. */
export function freeColour(awareness: Awareness, { id, colour }: User): string {
  const others = Array.from(awareness.getStates(), ([clientId, state]) => readUser(clientId, state))
  const taken = new Set(others.flatMap((other) => (other && other.id !== id ? [other.colour] : [])))
  const own = palette.findIndex((known) => known === colour)
  const fromOwn = [...palette.slice(own), ...palette.slice(0, own)]
  return fromOwn.find((candidate) => !taken.has(candidate)) ?? colour
}

function readUser(clientId: number, state: Record<string, unknown>): User | undefined {
  const { user } = state
  if (typeof user !== 'object' || user === null) return undefined
  const { id: givenId, name, color } = user as Record<string, unknown> // any object may be asked for any property
  const id = typeof givenId === 'string' ? givenId : String(clientId)
  return { id, name: cleanName(name) || unnamed, colour: cleanColour(color, id) }
}
