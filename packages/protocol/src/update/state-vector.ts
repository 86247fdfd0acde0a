/**
 * State vectors: for each client, the clock its next struct would have. Layout (Yjs): varUint count, then
 * count × { varUint client id, varUint next clock }.
 */
import { ByteReader, ByteWriter } from '../bytes.ts'
import { ProtocolError } from '../errors.ts'
import { limits } from '../limits.ts'

export type StateVector = ReadonlyMap<number, number>

/** Throws `frame-malformed` if it is none, or names more clients than any document has. */
export function decodeStateVector(bytes: Uint8Array): StateVector {
  const vector = new Map<number, number>()
  readEntries(bytes, (client, clock) => vector.set(client, clock))
  return vector
}

/** Throws likewise; costs a small part of decoding it. */
export function demandStateVector(bytes: Uint8Array): void {
  readEntries(bytes, () => undefined)
}

function readEntries(bytes: Uint8Array, take: (client: number, clock: number) => void): void {
  const reader = new ByteReader(bytes)
  const count = reader.varUint()
  if (count > limits.maxStateVectorClients)
    throw new ProtocolError('frame-malformed', 'a state vector names too many clients')
  if (count * 2 > reader.remaining) throw new ProtocolError('frame-malformed', 'a state vector is cut off')
  for (let index = 0; index < count; index++) take(reader.varUint(), reader.varUint())
  reader.end()
}

export function encodeStateVector(vector: StateVector): Uint8Array {
  const writer = new ByteWriter(vector.size * 8 + 8).varUint(vector.size)
  for (const [client, clock] of vector) writer.varUint(client).varUint(clock)
  return writer.finish()
}
