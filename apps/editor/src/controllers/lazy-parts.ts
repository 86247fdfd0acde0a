/** Parts of a page whose code is fetched when they are first wanted, so that what everybody needs is here sooner. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

export type Fetched = 'no' | 'yes' | 'failed'

export class LazyParts<Name extends string> implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #imports: Readonly<Record<Name, () => Promise<unknown>>>
  readonly #fetched = new Map<Name, Fetched>()
  readonly #fetching = new Map<Name, Promise<boolean>>()

  constructor(host: ReactiveControllerHost, imports: Readonly<Record<Name, () => Promise<unknown>>>) {
    this.#host = host
    this.#imports = imports
    host.addController(this)
  }

  hostConnected(): void {
    // What could not be fetched before may be there now.
    for (const [name, fetched] of this.#fetched) if (fetched === 'failed') this.#fetched.delete(name)
  }

  state(name: Name): Fetched {
    return this.#fetched.get(name) ?? 'no'
  }

  /** Resolves to whether it is here; the host is rendered anew by then. Of one that failed, it tries again. */
  fetch(name: Name): Promise<boolean> {
    const fetching = this.#fetching.get(name) ?? this.#fetch(name)
    this.#fetching.set(name, fetching)
    return fetching
  }

  async #fetch(name: Name): Promise<boolean> {
    let fetched: Fetched = 'yes'
    try {
      await this.#imports[name]()
    } catch {
      fetched = 'failed' // no network, or the server has another version by now
      this.#fetching.delete(name)
    }
    this.#fetched.set(name, fetched)
    this.#host.requestUpdate()
    await this.#host.updateComplete
    return fetched === 'yes'
  }
}
