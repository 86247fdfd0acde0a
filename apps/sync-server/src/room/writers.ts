/**
 * Who has written under which client id, as far as this room has noted it: so that the store is asked once for each id
 * and user, and further edits cost a look-up. What was noted before the room was opened is the store's to know.
 */
import { maxWritersPerClient, type Writer } from '../storage/document-store.ts'
import type { Member } from './member.ts'

export class Writers {
  /** By client id, then by user. */
  readonly #noted = new Map<number, Map<string, Writer>>()

  /** What is to be stored; undefined if it has been noted already. */
  note(
    { identity, shownName }: Pick<Member, 'identity' | 'shownName'>,
    { clientId, clock, part }: Pick<Writer, 'clientId' | 'clock' | 'part'>,
  ): Writer | undefined {
    const userId = identity.type === 'known' ? identity.user.id : ''
    const ofClient = this.#noted.get(clientId) ?? new Map<string, Writer>()
    const known = ofClient.get(userId)
    if (known ? known.part === part || known.part === 'wrote' : ofClient.size >= maxWritersPerClient)
      return undefined
    const name = shownName || (identity.type === 'known' ? identity.user.name : '')
    const writer = { clientId, userId, name, part, clock }
    this.#noted.set(clientId, ofClient.set(userId, writer))
    return writer
  }

  /** It did not come to be stored. */
  forget({ clientId, userId }: Writer): void {
    this.#noted.get(clientId)?.delete(userId)
  }

  get noted(): readonly Writer[] {
    return [...this.#noted.values()].flatMap((ofClient) => [...ofClient.values()])
  }
}
