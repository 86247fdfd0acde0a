/**
 * Who is here, read from presence. The server vouches for the user of a state; that a server did is not taken on trust,
 * so it is read through a grammar all the same.
 */
import { readUser, type User } from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type { Person } from './session.ts'

export { unnamed } from '@quire/protocol'

const names = new Intl.Collator(undefined, { numeric: true })

/** Tells changes of who is here from those of where they are in the text, which are many more. */
export class SeenUsers {
  readonly #users = new Map<number, string>()

  /** Whether the user of one of these clients is another than when it was last asked, or is gone. */
  haveChanged(awareness: Awareness, clientIds: readonly number[]): boolean {
    let haveChanged = false
    for (const clientId of clientIds) {
      const user = JSON.stringify(awareness.getStates().get(clientId)?.['user'])
      if (user === this.#users.get(clientId)) continue
      haveChanged = true
      if (user === undefined) this.#users.delete(clientId)
      else this.#users.set(clientId, user)
    }
    return haveChanged
  }
}

/**
 * Each person once, however many tabs and devices they are here with: ourselves first, then by name, so that one of
 * many can be found. States without a user are programs, not people.
 */
export function readPeople(awareness: Awareness): Person[] {
  const people = new Map<string, { user: User; isSelf: boolean; readonly clientIds: number[] }>()
  for (const [clientId, { user: said }] of awareness.getStates()) {
    if (typeof said !== 'object' || said === null) continue
    const user = readUser(said, clientId)
    const isSelf = clientId === awareness.clientID
    const person = people.get(user.id)
    if (!person) {
      people.set(user.id, { user, isSelf, clientIds: [clientId] })
      continue
    }
    person.clientIds.push(clientId)
    // Of ourselves, this page knows the newest name.
    if (isSelf) Object.assign(person, { user, isSelf })
  }
  return Array.from(people.values(), ({ user, ...person }) => ({ ...user, ...person })).toSorted(
    (a, b) => Number(b.isSelf) - Number(a.isSelf) || names.compare(a.name, b.name) || (a.id < b.id ? -1 : 1),
  )
}
