/** Whether the store can be written to. To find out costs a write, so whoever asks soon after another is told the same. */

const sharedMs = 1000

/** `now`: milliseconds that only ever grow. */
export function sharedCheck(check: () => Promise<void>, now: () => number): () => Promise<void> {
  let present: Promise<void> | undefined
  let untilMs = 0
  return () => {
    if (!present || now() >= untilMs) {
      untilMs = Infinity
      present = check().finally(() => (untilMs = now() + sharedMs))
    }
    return present
  }
}
