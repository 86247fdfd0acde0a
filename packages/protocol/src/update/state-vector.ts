/**
 * State vectors: for each client, the clock its next struct would have. Layout (Yjs): varUint count, then
 * count × { varUint client id, varUint next clock }.
 */
import { ByteReader, ByteWriter } from '../bytes.ts'
import { ProtocolError } from '../errors.ts'

export type StateVector = ReadonlyMap<number, number>

export function decodeStateVector(bytes: Uint8Array): StateVector {
  const reader = new ByteReader(bytes)
  const count = reader.varUint()
  if (count * 2 > reader.remaining) throw new ProtocolError('frame-malformed', 'a state vector is cut off')
  const vector = new Map<number, number>()
  for (let index = 0; index < count; index++) vector.set(reader.varUint(), reader.varUint())
  reader.end()
  return vector
}

export function encodeStateVector(vector: StateVector): Uint8Array {
  const writer = new ByteWriter(vector.size * 8 + 8).varUint(vector.size)
  for (const [client, clock] of vector) writer.varUint(client).varUint(clock)
  return writer.finish()
}
