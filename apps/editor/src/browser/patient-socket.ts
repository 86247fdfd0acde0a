/**
 * A socket that says what was typed once it is painted: to send takes the page's thread a millisecond, and other processes the
 * core that would paint. It is on its way to this device's own copy before, and what comes between two pictures leaves in one turn.
 */
import { presenceMessageType, syncMessageType } from '../session/connection.ts'

type Frame = Parameters<WebSocket['send']>[0]

/** Where nothing is painted, nobody waits for it. */
const patienceMs = 100
/** The sync message that tells of an edit, as y-protocols has it. */
const updateMessage = 2

export class PatientSocket extends WebSocket {
  #waiting: Frame[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  override send(frame: Frame): void {
    const isFirst = this.#waiting.push(frame) === 1
    if (document.hidden || !mayWait(frame)) return this.#sendAll()
    if (!isFirst) return
    requestAnimationFrame(() => setTimeout(this.#sendAll))
    this.#timer = setTimeout(this.#sendAll, patienceMs)
    addEventListener('pagehide', this.#sendAll)
  }

  override close(code?: number, reason?: string): void {
    this.#sendAll()
    super.close(code, reason)
  }

  readonly #sendAll = (): void => {
    clearTimeout(this.#timer)
    removeEventListener('pagehide', this.#sendAll)
    for (const frame of this.#waiting.splice(0)) if (this.readyState === this.OPEN) super.send(frame)
  }
}

/** An edit, or a caret, which follows it. Whatever else is said is awaited. */
function mayWait(frame: Frame): boolean {
  if (!(frame instanceof Uint8Array)) return false
  const [type, kind] = frame
  return type === presenceMessageType || (type === syncMessageType && kind === updateMessage)
}
