/** A host application: it has keys of its own, publishes them over HTTP, and signs tokens with them, all with `node:crypto`. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { unsigned, type HostClaims } from './host-token.ts'

export const keyAlgorithms = ['EdDSA', 'ES256', 'RS256'] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

type KeyPairs = Readonly<Record<KeyAlgorithm, KeyPair>>

/** They take long to make, so one test hands them on to the next. */
const spareKeys: KeyPairs[] = []

export class HostApplication {
  /** Where its keys are. */
  readonly jwksUrl: string
  /** How many times it was asked for them. */
  timesAsked = 0
  /** How it answers. Usually with its keys. */
  answer = (response: ServerResponse): void => void response.end(JSON.stringify(this.keySet))
  readonly #server: Server
  #keys: KeyPairs

  /** On a port of its own; closed with the test. */
  static async start(): Promise<HostApplication> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const application = new HostApplication(server)
    onTestFinished(async () => {
      await application.close()
      spareKeys.push(application.#keys)
    })
    return application
  }

  private constructor(server: Server) {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the application has no port')
    this.jwksUrl = `http://127.0.0.1:${address.port}/keys`
    this.#server = server
    this.#keys = spareKeys.pop() ?? makeKeys()
    server.on('request', (_request, response) => {
      this.timesAsked++
      this.answer(response)
    })
  }

  get keySet(): { readonly keys: readonly object[] } {
    const keys = keyAlgorithms.map((algorithm) => ({
      ...this.publicKey(algorithm).export({ format: 'jwk' }),
      kid: algorithm,
      alg: algorithm,
      use: 'sig',
    }))
    return { keys }
  }

  publicKey(algorithm: KeyAlgorithm): KeyObject {
    return this.#keys[algorithm].publicKey
  }

  /** Its keys are named after their algorithms. What the header says beyond that is up to the test. */
  sign(algorithm: KeyAlgorithm, claims: HostClaims, header: object = {}): string {
    const signed = unsigned(claims, { alg: algorithm, kid: algorithm, typ: 'JWT', ...header })
    return `${signed}.${signatureOf(algorithm, Buffer.from(signed), this.#keys[algorithm].privateKey)}`
  }

  /** From now on it signs with other keys, and publishes those. */
  changeKeys(): void {
    this.#keys = makeKeys()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

function makeKeys(): KeyPairs {
  return {
    EdDSA: generateKeyPairSync('ed25519'),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  }
}

function signatureOf(algorithm: KeyAlgorithm, data: Buffer, key: KeyObject): string {
  const digest = algorithm === 'EdDSA' ? null : 'sha256'
  return sign(digest, data, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}
