import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hostKeys } from './host-keys.ts'

let server: Server
let url: string

/** A host that takes the question and says nothing. */
beforeEach(async () => {
  server = createServer(() => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/keys`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

it('a host that does not answer is given up, and left in peace for a while', async () => {
  let nowMs = 0
  const keys = hostKeys({ url, now: () => nowMs, timeoutMs: 20 })
  const { privateKey } = await generateKeyPair('EdDSA')
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey)
  const [header = '', payload = '', signature = ''] = token.split('.')
  const ask = (): unknown => keys({ alg: 'EdDSA' }, { protected: header, payload, signature })
  const unavailable = (message: RegExp): object => ({
    name: 'ProtocolError',
    code: 'keys-unavailable',
    closeCode: 1013,
    message: expect.stringMatching(message),
  })

  await Promise.all([1, 2].map(() => expect(ask()).rejects.toMatchObject(unavailable(/timeout/))))
  nowMs = 4999
  await expect(ask()).rejects.toMatchObject(unavailable(/asked a moment ago/))
  nowMs = 5000
  await expect(ask()).rejects.toMatchObject(unavailable(/timeout/))
})
