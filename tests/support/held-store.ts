/** A store that answers one kind of question only when the test says so. */
import type { Store } from '@quire/sync-server'

export interface Hold {
  /** Resolves when somebody has asked. */
  readonly asked: Promise<void>
  /** Whoever asked, and whoever asks from now on, gets an answer. */
  release(): void
}

export function hold(store: Store, question: 'findLink' | 'load' | 'append'): Hold {
  const asked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const answer = store[question].bind(store) as (...request: unknown[]) => Promise<unknown>
  const held = async (...request: unknown[]): Promise<unknown> => {
    asked.resolve()
    await released.promise
    return answer(...request)
  }
  // What is asked is passed on as it came, so that the shape of the method stays what it was.
  Object.assign(store, { [question]: held })
  return {
    asked: asked.promise,
    release() {
      Object.assign(store, { [question]: answer })
      released.resolve()
    },
  }
}
