/**
 * The gate: is this update new, known, too early, or not to be had at all? It only answers; whoever asked adds
 * what was admitted to the ledger and to the log.
 */
import { ProtocolError, type ProtocolErrorCode } from '../errors.ts'
import type { Ledger } from './ledger.ts'
import { scan, type Id, type ScannedUpdate } from './scan.ts'

export type Admission =
  /** Everything it builds on is known, and it brings something new. */
  | { readonly type: 'admitted'; readonly update: ScannedUpdate }
  /** It brings nothing new, like the answer of a client that is up to date. */
  | { readonly type: 'known' }
  /** It builds on structs nobody has sent yet, among them this one. */
  | { readonly type: 'gap'; readonly missing: Id }
  | { readonly type: 'refused'; readonly code: ProtocolErrorCode; readonly reason: string }

export function admit(bytes: Uint8Array, ledger: Ledger): Admission {
  let update: ScannedUpdate
  try {
    update = scan(bytes)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { type: 'refused', code: error.code, reason: error.message }
  }
  return judge(update, ledger)
}

function judge(update: ScannedUpdate, ledger: Ledger): Admission {
  /** For each client the update speaks of, the next clock once it is in. */
  const reach = new Map<number, number>()
  const isKnown = ({ client, clock }: Id): boolean => clock < (reach.get(client) ?? ledger.nextClock(client))
  let isNews = false

  for (const { client, clock, length } of update.structs) {
    const next = reach.get(client) ?? ledger.nextClock(client)
    if (clock > next) return { type: 'gap', missing: { client, clock: next } }
    if (clock + length > next) {
      isNews = true
      reach.set(client, clock + length)
    }
  }
  for (const { dependencies } of update.structs) {
    const missing = dependencies.find((id) => !isKnown(id))
    if (missing) return { type: 'gap', missing }
  }
  for (const range of update.deletes) {
    const last = { client: range.client, clock: range.clock + range.length - 1 }
    if (!isKnown(last)) return { type: 'gap', missing: last }
    isNews ||= !ledger.isDeleted(range)
  }
  return isNews ? { type: 'admitted', update } : { type: 'known' }
}
