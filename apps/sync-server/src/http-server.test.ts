import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { ServerResponse } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { httpLimits } from './http/http-limits.ts'
import { createHttpServer } from './http-server.ts'

it('an answer that nobody reads is not kept', async () => {
  let answering: (response: ServerResponse) => void = () => undefined
  const asked = new Promise<ServerResponse>((resolve) => (answering = resolve))
  const server = createHttpServer({
    limits: { ...httpLimits, stallTimeoutMs: 50 },
    credentials: undefined,
    headers: {},
    answer: (_request, response) => answering(response),
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  const client = connect(port, '127.0.0.1').pause()
  onTestFinished(() => void client.destroy())
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const response = await asked
  response.end(Buffer.alloc(32 * 1024 * 1024))
  await once(response, 'close')
  expect(response.writableFinished).toBe(false)
})
