/** Asking a running server over its socket. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Answer, Asked } from './ask.ts'
import { withShortPath } from './socket-path.ts'

/** Undefined if nobody listens. */
export async function askSocket(folder: string, { method, path, body }: Asked): Promise<Answer | undefined> {
  return withShortPath(folder, async (socketPath) => {
    const answer = await new Promise<IncomingMessage | undefined>((resolve, reject) => {
      const asked = httpRequest({
        socketPath,
        method,
        path,
        headers: { host: 'localhost', connection: 'close', ...(body && { 'content-type': body.type }) },
      })
      asked.once('response', resolve)
      asked.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined)
        else reject(error)
      })
      asked.end(body?.bytes)
    })
    return answer && { status: answer.statusCode ?? 500, bytes: await buffer(answer) }
  })
}
