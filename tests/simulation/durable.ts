/**
 * What is on disk, as a Yjs document that takes in every entry at the moment it becomes durable. It is what the
 * server's words are held against: nothing may be shown or acknowledged that is not in here.
 */
import * as Y from 'yjs'
import { describeError, type World } from './world.ts'

export class Durable {
  readonly doc = new Y.Doc({ guid: 'durable' })
  /** Hears of every entry, before it is part of the document. */
  witness: (update: Uint8Array) => void = () => undefined
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  commit(update: Uint8Array): void {
    this.witness(update)
    try {
      // Within a transaction of our own, or Yjs would tidy up formatting here, which nobody stored.
      this.doc.transact(() => Y.applyUpdate(this.doc, update))
    } catch (error) {
      this.#world.violated('every stored entry can be applied', describeError(error))
    }
    if (hasPending(this.doc)) this.#world.violated('no entry is stored before what it builds on', '')
  }

  /** Does it hold all structs of `client` before `clock`? */
  reaches(client: number, clock: number): boolean {
    return Y.getState(this.doc.store, client) >= clock
  }

  hasDeleted(client: number, clock: number, length: number): boolean {
    return isDeletedIn(this.doc, { client, clock, length })
  }

  /** What `update` says that is not in here; undefined if all of it is. */
  lacks(update: Uint8Array): string | undefined {
    const { structs, ds } = Y.decodeUpdate(update)
    for (const struct of structs) {
      const { client, clock } = struct.id
      if (!(struct instanceof Y.Skip) && !this.reaches(client, clock + struct.length))
        return `struct ${client}:${clock}+${struct.length}`
    }
    for (const [client, ranges] of ds.clients)
      for (const { clock, len } of ranges)
        if (!this.hasDeleted(client, clock, len)) return `deletion ${client}:${clock}+${len}`
    return undefined
  }
}

export function hasPending({ store }: Y.Doc): boolean {
  return store.pendingStructs !== null || store.pendingDs !== null
}

export function isDeletedIn(
  { store }: Y.Doc,
  range: { readonly client: number; readonly clock: number; readonly length: number },
): boolean {
  const { client, clock, length } = range
  if (Y.getState(store, client) < clock + length) return false
  const structs = store.clients.get(client) ?? []
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
    const struct = structs[index]
    if (!struct || struct.id.clock >= clock + length) break
    if (!struct.deleted) return false
  }
  return true
}
