/**
 * Shortens the logs of documents that nobody has open. Rooms do that on the way to rest; this is for those whose server
 * was killed, or whose rest came when the store failed. A few at a time, with pauses, so that people come first.
 */
import type { Clock } from './clock.ts'
import type { Rooms } from './rooms.ts'

/** Often enough that a restart's leavings are gone within minutes, for any number of documents that one server has. */
const pauseMs = 60_000
/** Each costs a document in the workshop, some tens of milliseconds for a long one. */
const documentsAtOnce = 50

/** Begins after the first pause; returns the way to stop. */
export function sweep(rooms: Rooms, clock: Clock): () => void {
  let cancel = clock.after(pauseMs, begin)
  let isStopped = false
  function begin(): void {
    // A store that cannot be read now may be able to next time; rooms report what they meet.
    void rooms
      .compactNeglected(documentsAtOnce)
      .catch(() => undefined)
      .then(() => {
        if (!isStopped) cancel = clock.after(pauseMs, begin)
        return undefined
      })
  }
  return () => {
    isStopped = true
    cancel()
  }
}
