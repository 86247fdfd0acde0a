/**
 * What the server knows of who is behind a connection, put in the place of what their presence says of it. Programs
 * that show people read the field `user`: `id`, `name`, `color` and `colorLight`. A state without it names nobody and
 * stays as it is, as does every byte of a state that tells the truth already.
 */
import {
  assertNever,
  cleanName,
  isJsonObject,
  limits,
  ProtocolError,
  readPresenceState,
  strangerPrefix,
} from '@quire/protocol'
import type { Identity } from './peer.ts'

export interface Stamped {
  readonly state: string
  /** What the others will call them; undefined if the state names nobody. */
  readonly name: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

/** Throws a `ProtocolError` if this is not the state of somebody who is here, or has become too large for one. */
export function stamp(state: string, identity: Identity): Stamped {
  const fields = readPresenceState(state)
  if (!fields) throw new ProtocolError('presence-malformed', 'a state is not a JSON object')
  const { user } = fields
  const namesNobody =
    user === undefined || user === null || (!isJsonObject(user) && identity.type === 'stranger')
  if (namesNobody) return { state, name: undefined }
  const said = isJsonObject(user) ? user : {}
  const known = knownOf(said, identity)
  const name = typeof known.name === 'string' ? known.name : ''
  if (said === user && isSaidAlready(known, said)) return { state, name }
  const stamped = JSON.stringify({ ...fields, user: { ...said, ...known } })
  if (stamped.length > limits.maxPresenceStateBytes)
    throw new ProtocolError('presence-too-large', 'a state is too large with its user in it')
  return { state: stamped, name }
}

/** The fields of `user` that are not for the client to say. */
function knownOf(said: Fields, identity: Identity): Fields & { readonly name?: string } {
  switch (identity.type) {
    case 'known': {
      const { id, name, colour } = identity.user
      const light = said['colorLight'] === undefined ? {} : { colorLight: `${colour}33` }
      const shownName = identity.mayRename ? cleanName(said['name']) || name : name
      return { id, name: shownName, color: colour, ...light }
    }
    case 'stranger':
      return {
        ...(said['id'] === undefined || said['id'] === null ? {} : { id: strangerId(said['id']) }),
        ...(said['name'] === undefined ? {} : { name: cleanName(said['name']) }),
      }
    default:
      return assertNever(identity)
  }
}

function isSaidAlready(known: Fields, said: Fields): boolean {
  return Object.entries(known).every(([field, value]) => said[field] === value)
}

/** Tells strangers apart as well as their own id does, and is nobody's who is known. */
function strangerId(id: unknown): string {
  const own = typeof id === 'string' || typeof id === 'number' ? String(id) : ''
  return own.startsWith(strangerPrefix) ? own : strangerPrefix + own
}
