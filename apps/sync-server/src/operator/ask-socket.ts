/** Asking a running server over its socket. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Answer, Asked } from './ask.ts'
import { withShortPath } from './socket-path.ts'

/** Somebody listens, and says nothing. */
export class NoAnswer extends Error {}

/** Undefined if nobody listens. Rejects with `NoAnswer` if nothing comes for `patienceMs`; absent: that may take its time. */
export async function askSocket(
  folder: string,
  { method, path, body }: Asked,
  patienceMs?: number,
): Promise<Answer | undefined> {
  // Told that this is the only request, Node would hang up on what the server does not read, and the answer be lost.
  const agent = new Agent({ keepAlive: true })
  return withShortPath(folder, async (socketPath) => {
    const answer = await new Promise<IncomingMessage | undefined>((resolve, reject) => {
      const headers = { host: 'localhost', ...(body && { 'content-type': body.type }) }
      const asked = httpRequest({ agent, socketPath, method, path, headers, timeout: patienceMs })
      asked.once('response', resolve)
      asked.once('timeout', () => asked.destroy(new NoAnswer()))
      asked.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined)
        else reject(error)
      })
      asked.end(body?.bytes)
    })
    return answer && { status: answer.statusCode ?? 500, bytes: await buffer(answer) }
  }).finally(() => agent.destroy())
}
