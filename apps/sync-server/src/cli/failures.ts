/** What goes wrong while others of many go right: each is told, and the command ends with what they have in common. */
import { CommandFailure, type Outcome } from './command.ts'

export class Failures {
  readonly #failed: { readonly of: string; readonly failure: CommandFailure }[] = []

  /** Undefined if it failed in a way that was foreseen. */
  async attempt<Value>(of: string, work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      this.add(of, error)
      return undefined
    }
  }

  add(of: string, failure: CommandFailure): void {
    this.#failed.push({ of, failure })
  }

  get size(): number {
    return this.#failed.length
  }

  /** For programs. */
  get list(): readonly { readonly of: string; readonly code: string; readonly message: string }[] {
    return this.#failed.map(({ of, failure: { code, message } }) => ({ of, code, message }))
  }

  get outcome(): Pick<Outcome, 'ending' | 'warnings'> {
    const [first, ...rest] = this.#failed
    if (!first) return {}
    const { ending } = first.failure
    return {
      ending: rest.every(({ failure }) => failure.ending === ending) ? ending : 'failed',
      warnings: this.#failed.map(({ of, failure }) => `${of}: ${failure.message}`),
    }
  }
}
