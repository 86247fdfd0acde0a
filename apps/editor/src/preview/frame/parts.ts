/** Parts of the preview that few texts need. Their code is handed over by the page around, once. */
import type { Part } from '../messages.ts'

export class Parts {
  readonly #ask: (part: Part) => void
  readonly #asked = new Map<Part, PromiseWithResolvers<unknown>>()

  constructor(ask: (part: Part) => void) {
    this.#ask = ask
  }

  /** The module of this part; rejects if it cannot be had now, and asks anew the next time. `Module` is how the build made it. */
  async get<Module>(part: Part): Promise<Module> {
    let asked = this.#asked.get(part)
    if (!asked) {
      asked = Promise.withResolvers()
      this.#asked.set(part, asked)
      this.#ask(part)
    }
    return (await asked.promise) as Module // our own build, by way of the page that shows us
  }

  missing(part: Part): void {
    this.#asked.get(part)?.reject(new Error(`${part} cannot be had`))
    this.#asked.delete(part)
  }

  arrived(part: Part, code: string): void {
    const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
    this.#asked.get(part)?.resolve(import(/* @vite-ignore */ url))
  }
}
