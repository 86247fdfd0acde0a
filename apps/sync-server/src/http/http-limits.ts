/** The bounds of a request and of the connection it comes by, each with its reason. What an address may ask for is `admission-limits.ts`. */
import { limits } from '@quire/protocol'

export interface HttpLimits {
  /** The request line and all headers together; past it 431. A token is 4 KiB at most, and may be there twice. */
  readonly maxHeaderBytes: number
  /** Past it 431. Browsers behind two proxies send some thirty. */
  readonly maxHeaders: number
  /** From the first byte to the last header, whatever comes in between; past it 408. */
  readonly headersTimeoutMs: number
  /** From the first byte to the last of the body; past it 408. Slow enough for 16 MiB over a phone. */
  readonly requestTimeoutMs: number
  /** How often those two are looked at: so often that thousands who came together do not all go in one turn of the loop. */
  readonly checkIntervalMs: number
  /** Between two requests on one connection: more than the minute that nginx keeps its own, or it would ask into a closed one. */
  readonly keepAliveTimeoutMs: number
  /** While a request is answered and nothing of the answer leaves; past it the connection is closed. What the operator asks for may take a minute. */
  readonly stallTimeoutMs: number
  /** Until TLS is agreed on. */
  readonly tlsHandshakeTimeoutMs: number
}

export const httpLimits: HttpLimits = {
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  checkIntervalMs: 50,
  keepAliveTimeoutMs: 65_000,
  stallTimeoutMs: 120_000,
  tlsHandshakeTimeoutMs: 10_000,
}

/** Past it 413: room for a text as large as a frame may carry, and its JSON escapes. */
export const maxBodyBytes = limits.maxFrameBytes

/** Likewise where no text is sent: names and labels of 1024 characters, each of which JSON may write in six. */
export const maxSmallBodyBytes = 16 * 1024

/** Of a JSON body, outside of its strings; past it 400. A handful of fields, indented, has a hundred. */
export const maxBytesOutsideStrings = 4096
