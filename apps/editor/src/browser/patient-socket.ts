/** A socket that says what was typed once it is painted; what comes between two pictures leaves in one turn. */
import { presenceMessageType, syncMessageType } from '../session/connection.ts'
import { oncePainted } from './painted.ts'

type Frame = Parameters<WebSocket['send']>[0]

/** The sync message that tells of an edit, as y-protocols has it. */
const updateMessage = 2

export class PatientSocket extends WebSocket {
  #waiting: Frame[] = []

  override send(frame: Frame): void {
    const isFirst = this.#waiting.push(frame) === 1
    if (!mayWait(frame)) this.#sendAll()
    else if (isFirst) oncePainted(this.#sendAll)
  }

  override close(code?: number, reason?: string): void {
    this.#sendAll()
    super.close(code, reason)
  }

  readonly #sendAll = (): void => {
    for (const frame of this.#waiting.splice(0)) if (this.readyState === this.OPEN) super.send(frame)
  }
}

/** An edit, or a caret, which follows it. Whatever else is said is awaited. */
function mayWait(frame: Frame): boolean {
  if (!(frame instanceof Uint8Array)) return false
  const [type, kind] = frame
  return type === presenceMessageType || (type === syncMessageType && kind === updateMessage)
}
