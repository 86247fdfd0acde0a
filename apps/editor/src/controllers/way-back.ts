/**
 * The browser's own way back, Back on Android and Escape elsewhere: heard as long as something stands in the place of what was
 * there before, and only where the browser tells of it.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** What not every browser has, and TypeScript does not know. */
interface CloseWatcher extends EventTarget {
  destroy(): void
}

declare global {
  // oxlint-disable-next-line no-var -- what is global is declared like this
  var CloseWatcher: (new () => CloseWatcher) | undefined
}

interface Way {
  readonly isWanted: () => boolean
  readonly taken: () => void
}

export class WayBack implements ReactiveController {
  readonly #way: Way
  #watcher: CloseWatcher | undefined

  constructor(host: ReactiveControllerHost, way: Way) {
    this.#way = way
    host.addController(this)
  }

  hostUpdated(): void {
    if (!this.#way.isWanted()) this.#close()
    else if (!this.#watcher && globalThis.CloseWatcher) {
      this.#watcher = new globalThis.CloseWatcher()
      this.#watcher.addEventListener('close', () => {
        this.#watcher = undefined
        this.#way.taken()
      })
    }
  }

  hostDisconnected(): void {
    this.#close()
  }

  #close(): void {
    this.#watcher?.destroy()
    this.#watcher = undefined
  }
}
