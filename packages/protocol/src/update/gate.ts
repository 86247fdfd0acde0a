/**
 * The gate: is this update new, known, too early, or not to be had at all? It only answers; whoever asked adds
 * what was admitted to the ledger and to the log.
 */
import { ProtocolError, type ProtocolErrorCode } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Ledger } from './ledger.ts'
import { scan, type Id, type ScannedStruct, type ScannedUpdate } from './scan.ts'

export type Admission =
  /** Everything it builds on is known, and it brings something new: if no structs, then deletions only. */
  | { readonly type: 'admitted'; readonly update: ScannedUpdate; readonly hasNewStructs: boolean }
  /** It brings nothing new, like the answer of a client that is up to date. */
  | { readonly type: 'known' }
  /** It builds on structs nobody has sent yet, among them this one. */
  | { readonly type: 'gap'; readonly missing: Id }
  | { readonly type: 'refused'; readonly code: ProtocolErrorCode; readonly reason: string }

export function admit(bytes: Uint8Array, ledger: Ledger): Admission {
  let update: ScannedUpdate
  try {
    update = scan(bytes, limits.maxUpdateParts)
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
  let hasNewStructs = false
  let hasNewDeletes = false
  let isInOrder = true

  for (const { client, clock, length, dependencies } of update.structs) {
    const next = reach.get(client) ?? ledger.nextClock(client)
    if (clock > next) return { type: 'gap', missing: { client, clock: next } }
    isInOrder &&= dependencies.every(isKnown)
    if (clock + length > next) {
      hasNewStructs = true
      reach.set(client, clock + length)
    }
  }
  for (const { dependencies } of update.structs) {
    const missing = dependencies.find((id) => !isKnown(id))
    if (missing) return { type: 'gap', missing }
  }
  if (!isInOrder && isCircular(update.structs, ledger))
    return {
      type: 'refused',
      code: 'update-malformed',
      reason: 'update: structs build on each other in a circle',
    }
  for (const range of update.deletes) {
    const last = { client: range.client, clock: range.clock + range.length - 1 }
    if (!isKnown(last)) return { type: 'gap', missing: last }
    hasNewDeletes ||= !ledger.isDeleted(range)
  }
  return hasNewStructs || hasNewDeletes ? { type: 'admitted', update, hasNewStructs } : { type: 'known' }
}

/**
 * Is there no order in which each struct builds on earlier ones only? Yjs would wait for it for ever, or fail where a
 * client builds on its own future. Goes Yjs's way: along one client's structs, and aside to another's, as far as
 * needed, for what a struct builds on. Every dependency is known or in `structs`.
 */
function isCircular(structs: readonly ScannedStruct[], ledger: Ledger): boolean {
  const lists = Map.groupBy(structs, ({ client }) => client)
  const done = new Map<number, number>()
  const reach = new Map<number, number>()
  const isKnown = ({ client, clock }: Id): boolean => clock < (reach.get(client) ?? ledger.nextClock(client))

  for (const client of lists.keys()) {
    /** What we went aside for, and for that again: each until this struct is known. */
    const goals: Id[] = [{ client, clock: Infinity }]
    const underway = new Set([client])
    for (let goal = goals.at(-1); goal; goal = goals.at(-1)) {
      const index = done.get(goal.client) ?? 0
      const struct = lists.get(goal.client)?.[index]
      if (!struct || isKnown(goal)) {
        goals.pop()
        underway.delete(goal.client)
        continue
      }
      const missing = struct.dependencies.find((id) => !isKnown(id))
      if (!missing) {
        done.set(struct.client, index + 1)
        reach.set(
          struct.client,
          Math.max(reach.get(struct.client) ?? ledger.nextClock(struct.client), struct.clock + struct.length),
        )
        continue
      }
      if (underway.has(missing.client)) return true
      underway.add(missing.client)
      goals.push(missing)
    }
  }
  return false
}
