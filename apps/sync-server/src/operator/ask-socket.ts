/** Asking a running server over its socket, as `fetch` would. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { withShortPath } from './socket-path.ts'

/** Undefined if nobody listens. */
export async function askSocket(folder: string, request: Request): Promise<Response | undefined> {
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
  const { pathname, search } = new URL(request.url)
  return withShortPath(folder, async (socketPath) => {
    const answer = await new Promise<IncomingMessage | undefined>((resolve, reject) => {
      const asked = httpRequest({
        socketPath,
        method: request.method,
        path: pathname + search,
        headers: { ...Object.fromEntries(request.headers), connection: 'close' },
      })
      asked.once('response', resolve)
      asked.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined)
        else reject(error)
      })
      asked.end(body)
    })
    return answer && responseOf(answer)
  })
}

function responseOf(answer: IncomingMessage): Response {
  const { statusCode: status = 500, headers } = answer
  const names = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  const hasBody = status !== 204
  if (!hasBody) answer.resume()
  return new Response(hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null, {
    status,
    headers: names,
  }) // Node's web streams are those of the platform, by another name
}
