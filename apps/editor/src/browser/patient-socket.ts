/**
 * A socket that says what was typed once it is painted, and only then tells what others have said meanwhile: both take the
 * page's thread, and a key waits for neither. What is typed between two pictures leaves in one turn.
 */
import { presenceMessageType, syncMessageType } from '../session/connection.ts'
import { oncePainted } from './painted.ts'

type Frame = Parameters<WebSocket['send']>[0]

/** The sync message that tells of an edit, as y-protocols has it. */
const updateMessage = 2

export class PatientSocket extends WebSocket {
  #waiting: Frame[] = []
  /** What came meanwhile, in its order: whoever listens hears of a slower network. */
  #heard: Event[] = []
  #isPainting = false

  constructor(...options: ConstructorParameters<typeof WebSocket>) {
    super(...options)
    // Before anybody else does.
    for (const type of ['message', 'error', 'close']) this.addEventListener(type, this.#hear)
  }

  override send(frame: Frame): void {
    this.#waiting.push(frame)
    if (!mayWait(frame)) return this.#sendAll()
    if (this.#isPainting) return
    this.#isPainting = true
    oncePainted(this.#painted)
  }

  override close(code?: number, reason?: string): void {
    this.#sendAll()
    // A socket that is being closed tells of no message any more.
    this.#heard = this.#heard.filter(({ type }) => type !== 'message')
    super.close(code, reason)
  }

  #sendAll(): void {
    for (const frame of this.#waiting.splice(0)) if (this.readyState === this.OPEN) super.send(frame)
  }

  readonly #hear = (event: Event): void => {
    if (!this.#isPainting) return
    event.stopImmediatePropagation()
    this.#heard.push(event)
  }

  readonly #painted = (): void => {
    this.#isPainting = false
    this.#sendAll()
    for (const event of this.#heard.splice(0)) this.dispatchEvent(anew(event))
  }
}

/** Another that says the same: in Chromium one whose propagation was stopped once reaches nobody when it is dispatched again. */
function anew(event: Event): Event {
  if (event instanceof MessageEvent)
    return new MessageEvent(event.type, { data: event.data as unknown, origin: event.origin })
  if (event instanceof CloseEvent) return new CloseEvent(event.type, event)
  return new Event(event.type)
}

/** An edit, or a caret, which follows it. Whatever else is said is awaited. */
function mayWait(frame: Frame): boolean {
  if (!(frame instanceof Uint8Array)) return false
  const [type, kind] = frame
  return type === presenceMessageType || (type === syncMessageType && kind === updateMessage)
}
