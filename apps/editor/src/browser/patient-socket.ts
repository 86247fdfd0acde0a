/**
 * A socket that says what was typed once it is painted: to send takes the page's thread a millisecond, and other processes the
 * core that would paint. It is on its way to this device's own copy before, and what comes between two pictures leaves in one turn.
 */
type Frame = Parameters<WebSocket['send']>[0]

/** Where nothing is painted, nobody waits for it. */
const patienceMs = 100

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

/** An edit, or a caret, which follows it. The first two numbers of a message say which it is. */
function mayWait(frame: Frame): boolean {
  return frame instanceof Uint8Array && (frame[0] === 1 || (frame[0] === 0 && frame[1] === 2))
}
