/**
 * Worker threads with a channel of their own. The one they are born with also carries what `node --watch` has to
 * say to itself.
 */
import { extname } from 'node:path'
import { MessageChannel, MessagePort, Worker, workerData } from 'node:worker_threads'
import { assert } from '@quire/protocol'

export interface Thread {
  readonly worker: Worker
  /** Speaks with `threadStart().port` on the other side. */
  readonly port: MessagePort
}

/**
 * Starts the module called `name` that lies beside the one at `importer` and, like that, is TypeScript or built. It finds
 * `data` in `threadStart()`.
 */
export function startThread(name: string, importer: string, data?: unknown): Thread {
  const url = new URL(`${name}${extname(importer)}`, importer)
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(url, { workerData: { port: port2, data }, transferList: [port2] })
  worker.once('exit', () => port1.close())
  return { worker, port: port1 }
}

/** In a thread that was started so: what it was given. */
export function threadStart(): { readonly port: MessagePort; readonly data: unknown } {
  const { port, data } = workerData as { readonly port?: unknown; readonly data?: unknown } // set by `startThread`
  assert(port instanceof MessagePort, 'this module runs in a thread of its own')
  return { port, data }
}
