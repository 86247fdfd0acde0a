/** Edits at a steady pace, from a process of their own, so that typing them takes nothing from whoever measures. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface LoadOrder {
  /** One writer for each. The edit `<writer:index>` is typed at the end of what this writer has typed. */
  readonly places: readonly { readonly syncUrl: string; readonly document: string; readonly key: string }[]
  readonly perSecond: number
}

export interface Told {
  /** How many edits of each writer the server has acknowledged, the first ones first. */
  readonly acknowledged: readonly number[]
  /** From typing to acknowledgement, of all that were acknowledged since it was last asked. */
  readonly latenciesMs: readonly number[]
}

/** `acknowledged`: answered once there are so many. */
export type ToLoad = { readonly type: 'ask'; readonly acknowledged: number } | { readonly type: 'stop' }
export type FromLoad = { readonly type: 'begun' } | ({ readonly type: 'told' } & Told)

export interface Load {
  /** Once at least so many edits are acknowledged. */
  told(acknowledged?: number): Promise<Told>
  stop(): Promise<void>
}

/** Resolves once everyone is connected and types. Stopped with the test, if not before. */
export async function startLoad(order: LoadOrder): Promise<Load> {
  const child = fork(fileURLToPath(new URL('steady-load.ts', import.meta.url)))
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const heard = async (): Promise<FromLoad> => {
    const [message] = (await Promise.race([
      once(child, 'message'),
      exited.then(() => Promise.reject(new Error('the load has ended'))),
    ])) as [FromLoad] // it says nothing else
    return message
  }
  const say = (message: LoadOrder | ToLoad): void => void child.send(message)
  say(order)
  await heard()
  return {
    async told(acknowledged = 0) {
      say({ type: 'ask', acknowledged })
      const message = await heard()
      if (message.type !== 'told') throw new Error('it was asked how far it is')
      return message
    },
    async stop() {
      say({ type: 'stop' })
      await exited
    },
  }
}
