/**
 * What the gate costs for one message: time, and memory set aside. A single measure is mostly noise (another process, a
 * collection of garbage, code that is being compiled), so that only the smallest of several counts.
 */
import { admit, Ledger } from '@quire/protocol'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Cost {
  readonly ms: number
  /** Set aside on the heap and beside it, garbage included. */
  readonly bytes: number
}

/** `bytes` is negative if garbage was collected meanwhile. */
export function costOf(work: () => unknown): Cost {
  const before = getHeapStatistics()
  const started = performance.now()
  work()
  const ms = performance.now() - started
  const after = getHeapStatistics()
  const bytes =
    after.used_heap_size - before.used_heap_size + after.external_memory - before.external_memory - ownBytes
  return { ms, bytes }
}

/** As many as it takes until code is compiled for what it meets. */
const warmRepeats = 40

/** What `getHeapStatistics` itself sets aside. */
let ownBytes = 0
ownBytes = leastOf(20, () => costOf(() => {})).bytes

/** The gate's verdict, and taking in what was admitted: what a message costs a room before it is written down. */
export function costOfMessage(known: readonly Uint8Array[], update: Uint8Array): Cost {
  return leastOf(warmRepeats, () => {
    const ledger = Ledger.of(known)
    return costOf(() => {
      const admission = admit(update, ledger)
      if (admission.type === 'admitted') ledger.add(admission.update)
    })
  })
}

/**
 * Memory that is still taken once the gate has answered and the room has taken in what it admitted: the verdict, the
 * ledger's growth, and a second copy of the bytes if only a part was new. The message itself is not counted.
 */
export function heldAfterMessage(known: readonly Uint8Array[], update: Uint8Array): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const held = Array.from({ length: heldRepeats }, () => {
    const ledger = Ledger.of(known)
    collectGarbage()
    const before = takenBytes()
    const admission = admit(update, ledger)
    if (admission.type === 'admitted') ledger.add(admission.update)
    collectGarbage()
    const bytes = takenBytes() - before
    // Neither may be garbage before it was measured.
    return admission.type === 'admitted' || ledger.clientCount >= 0 ? bytes : 0
  })
  return Math.max(0, Math.min(...held))
}

const heldRepeats = 5

function takenBytes(): number {
  const { used_heap_size: onHeap, external_memory: beside } = getHeapStatistics()
  return onHeap + beside
}

function leastOf(repeats: number, measure: () => Cost): Cost {
  const costs = Array.from({ length: repeats }, measure)
  const bytes = costs.map((cost) => cost.bytes).filter((count) => count >= 0)
  return { ms: Math.min(...costs.map(({ ms }) => ms)), bytes: Math.min(...bytes) }
}
