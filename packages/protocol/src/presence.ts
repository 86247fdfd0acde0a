/**
 * Presence frames, which Yjs calls awareness updates: who is here, each as a JSON state under a client id and a
 * clock. Entries are bounded here; whether a state may be shown is for the room, what it means for the editor.
 *
 * Layout (y-protocols `awareness.js`): varUint count, then count × { varUint client id, varUint clock, varString JSON }.
 */
import { ByteReader, ByteWriter } from './bytes.ts'
import { ProtocolError } from './errors.ts'
import { limits } from './limits.ts'

export interface PresenceEntry {
  readonly clientId: number
  /** Grows with every change; an equal clock is only news if it removes. */
  readonly clock: number
  /** JSON text of an object, or `null` for someone who has left. Not yet parsed. */
  readonly state: string
}

/** The state of someone who has left. */
export const absent = 'null'

/** A frame that tells a client nothing, and that its watchdog counts as a sign of life (y-websocket closes after 30 s without a message). */
export const emptyPresence: readonly PresenceEntry[] = []

export function decodePresence(bytes: Uint8Array): PresenceEntry[] {
  const reader = new ByteReader(bytes)
  const count = reader.varUint()
  // Each entry takes at least three bytes, so a count that cannot be true is refused before anything is read.
  if (count > limits.maxPresenceEntries || count * 3 > reader.remaining)
    throw new ProtocolError('presence-malformed', 'more entries than can be there')
  const entries: PresenceEntry[] = []
  for (let index = 0; index < count; index++) {
    const clientId = reader.varUint()
    const clock = reader.varUint()
    if (clock > limits.maxPresenceClock) throw new ProtocolError('presence-malformed', 'a clock is too high')
    const state = reader.varString(limits.maxFrameBytes)
    if (state.length > limits.maxPresenceStateBytes)
      throw new ProtocolError(
        'presence-too-large',
        `a state is over ${limits.maxPresenceStateBytes} characters`,
      )
    entries.push({ clientId, clock, state })
  }
  reader.end()
  return entries
}

export function encodePresence(entries: readonly PresenceEntry[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter().varUint(entries.length)
  for (const { clientId, clock, state } of entries) writer.varUint(clientId).varUint(clock).varString(state)
  return writer.finish()
}

const maxDepth = 8

/** The state of someone who is here, if this JSON text is one that may be passed on: an object of moderate depth. */
export function readPresenceState(state: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown
  try {
    value = JSON.parse(state)
  } catch {
    return undefined
  }
  return isJsonObject(value) && depthOf(value) <= maxDepth ? value : undefined
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function depthOf(value: unknown, budget = maxDepth + 1): number {
  if (typeof value !== 'object' || value === null || budget === 0) return 0
  return 1 + Math.max(0, ...Object.values(value).map((child) => depthOf(child, budget - 1)))
}
