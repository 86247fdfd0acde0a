/** The bounds and rhythms of a socket, each with its reason. */
import { limits } from '@quire/protocol'

export const transportLimits = {
  /** Past this `ws` ends the connection with 1009 before it has read the frame; up to it we can still say 4413, which stops a client that would send it again. */
  maxPayloadBytes: 2 * limits.maxFrameBytes,
  maxFragments: 64,
  /**
   * Reads of the socket that one frame may take. A frame of 16 MiB takes 13,000 of the smallest packets there are on the way;
   * past this, to take them out of the list in which `ws` keeps them takes longer with each.
   */
  maxChunks: 16 * 1024,
  /** From the first byte of a message to its last: 16 MiB over a link of 60 KB/s. */
  messageTimeoutMs: 5 * 60_000,
  /** Less of a message is not worth a look: a socket takes as much anyway. */
  smallBytes: 64 * 1024,
  /** What a frame that waits in a socket takes besides its bytes, whatever its size: measured with Node 26 and ws 8. */
  frameCostBytes: 1024,
  /**
   * What a connection may say: past it the server reads on only as fast as this. Far more than people, and stock clients
   * that echo all presence, ever say; a document of 10 MB that is pasted or brought back comes through at once.
   */
  messages: { perSecond: 10_000, atOnce: 50_000 },
  bytes: { perSecond: 4 * 1024 * 1024, atOnce: 32 * 1024 * 1024 },
  /** Over how long a server that stops sends its connections away, how many at least at once, and how often. */
  departureMs: 1000,
  departuresAtOnce: 20,
  departureRestMs: 20,
  /** A peer that does not answer our close is cut off. */
  closeTimeoutMs: 3000,
  /** From upgrade to being let in, and on `quire.1` once more from hello to being in the room. */
  admissionTimeoutMs: 10_000,
  /** From upgrade to `hello`, on `quire.1`. */
  helloTimeoutMs: 5000,
  /** Stock clients leave after 30 s without a message, and look every 3 s; pings do not count for them. */
  keepaliveMs: 15_000,
  /** A peer that has not answered a ping by the next one is gone, unless `smallBytes` of a message have come meanwhile. */
  pingMs: 25_000,
  /** What ends by the wall clock is held against that again so often: our own stands still while the machine sleeps, and is not set. */
  maxTimerMs: 45_000,
  /** For a socket that may stand in somebody's way: long enough for a slow network, short enough to wait for. */
  probeTimeoutMs: 10_000,
} as const
