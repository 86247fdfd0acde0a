/** How a decoder ended: with a value, or with a peer's fault. Any other error is ours, and goes on to the test. */
import { ProtocolError, type ProtocolErrorCode } from '../errors.ts'

/** The code of the `ProtocolError` that `read` throws, or undefined if it throws none. */
export function refusalOf(read: () => unknown): ProtocolErrorCode | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

/** `bytes` cut off at every length, the whole excluded; views of one buffer, as in a frame, so that reading on would find bytes. */
export function truncations(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_byte, length) => bytes.subarray(0, length))
}
