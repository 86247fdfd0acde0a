/** A store that answers one kind of question about one document only when the test says so. */
import type { DocumentName } from '@quire/protocol'
import type { Store } from '@quire/sync-server'

const questions = [
  'findLink',
  'useLink',
  'links',
  'addLink',
  'changeLink',
  'removeLink',
  'replaceLinks',
  'remove',
  'load',
  'append',
] as const
export type Question = (typeof questions)[number]

export interface Hold {
  /** Resolves when somebody has asked. */
  readonly asked: Promise<void>
  /** Whoever asks from now on gets an answer. */
  letOthersPass(): void
  /** Whoever asked, and whoever asks from now on, gets an answer. */
  release(): void
}

interface Gate {
  readonly asked: PromiseWithResolvers<void>
  readonly released: PromiseWithResolvers<void>
}

const gatesOfStores = new WeakMap<Store, Map<string, Gate>>()

export function hold(store: Store, question: Question, name: DocumentName): Hold {
  const gates = gatesOf(store)
  const key = `${question} ${name}`
  const gate: Gate = { asked: Promise.withResolvers(), released: Promise.withResolvers() }
  gates.set(key, gate)
  return {
    asked: gate.asked.promise,
    letOthersPass: () => void gates.delete(key),
    release() {
      gates.delete(key)
      gate.released.resolve()
    },
  }
}

/** The first time, gates are put before the store. */
function gatesOf(store: Store): Map<string, Gate> {
  const known = gatesOfStores.get(store)
  if (known) return known
  const gates = new Map<string, Gate>()
  gatesOfStores.set(store, gates)
  for (const question of questions) {
    // What is asked is passed on as it came, so that the shape of the method stays what it was.
    const answer = store[question].bind(store) as (...request: unknown[]) => Promise<unknown>
    const gated = async (...request: unknown[]): Promise<unknown> => {
      const gate = gates.get(`${question} ${String(request[0])}`)
      gate?.asked.resolve()
      await gate?.released.promise
      return answer(...request)
    }
    Object.assign(store, { [question]: gated })
  }
  return gates
}
