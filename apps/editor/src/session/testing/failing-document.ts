/** For tests: a document on a device that keeps nothing more when a test says so. */
import { LocalStoreError, type Changes } from '../local-store.ts'
import { MemoryDocument } from '../memory-document.ts'

export class FailingDocument extends MemoryDocument {
  /** Why writing fails from now on; undefined, it goes well again. */
  failure: LocalStoreError['code'] | undefined

  override async write(changes: Changes): Promise<void> {
    this.#mayFail()
    await super.write(changes)
  }

  override async compact(state: Uint8Array): Promise<void> {
    this.#mayFail()
    await super.compact(state)
  }

  #mayFail(): void {
    if (this.failure) throw new LocalStoreError(this.failure, 'a test wants it so')
  }
}
