/** Files that somebody drags over the page: whether there are any just now, and which ones were let go. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

export class DroppedFiles implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #dropped: (files: readonly File[]) => void
  /** The pointer enters an element before it leaves the one around it. */
  #depth = 0

  constructor(host: ReactiveControllerHost, dropped: (files: readonly File[]) => void) {
    this.#host = host
    this.#dropped = dropped
    host.addController(this)
  }

  get isOver(): boolean {
    return this.#depth > 0
  }

  hostConnected(): void {
    document.addEventListener('dragenter', this.#entered)
    document.addEventListener('dragover', this.#allow)
    document.addEventListener('dragleave', this.#left)
    document.addEventListener('drop', this.#drop)
  }

  hostDisconnected(): void {
    document.removeEventListener('dragenter', this.#entered)
    document.removeEventListener('dragover', this.#allow)
    document.removeEventListener('dragleave', this.#left)
    document.removeEventListener('drop', this.#drop)
    this.#depth = 0
  }

  readonly #entered = (event: DragEvent): void => {
    if (hasFiles(event)) this.#setDepth(this.#depth + 1)
  }

  readonly #left = (event: DragEvent): void => {
    if (hasFiles(event)) this.#setDepth(Math.max(0, this.#depth - 1))
  }

  /** Otherwise the browser would open the file in the place of this page. */
  readonly #allow = (event: DragEvent): void => {
    if (hasFiles(event)) event.preventDefault()
  }

  readonly #drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    this.#setDepth(0)
    this.#dropped([...(event.dataTransfer?.files ?? [])])
  }

  #setDepth(depth: number): void {
    const wasOver = this.isOver
    this.#depth = depth
    if (this.isOver !== wasOver) this.#host.requestUpdate()
  }
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true
}
