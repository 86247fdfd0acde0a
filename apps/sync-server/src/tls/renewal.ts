/**
 * The credentials of a running server, whose files are looked at now and then: a renewed certificate is taken without a
 * restart. Files that make no pair (one of them may not be written yet) change nothing. Knows no server.
 */
import { X509Certificate } from 'node:crypto'
import type { Logger } from '../logger.ts'
import type { Clock } from '../room/clock.ts'
import {
  CredentialsError,
  demandPair,
  readCredentials,
  type CredentialFiles,
  type Credentials,
} from './credentials.ts'

/** Certificates are renewed weeks before they end, so that only whoever waits for it would notice. */
const lookEveryMs = 10_000

export interface RenewalOptions {
  readonly files: CredentialFiles
  readonly clock: Clock
  readonly logger: Logger
}

export class RenewedCredentials {
  readonly #options: RenewalOptions
  readonly #watchers = new Set<(renewed: Credentials) => void>()
  #current: Credentials
  /** What is wrong with the files, and has been said. */
  #warning: string | undefined
  #cancelLook: (() => void) | undefined
  #isClosed = false

  /** Throws a `CredentialsError` if the files make no pair now. */
  static async open(options: RenewalOptions): Promise<RenewedCredentials> {
    const credentials = await readCredentials(options.files)
    demandPair(credentials, options.files)
    return new RenewedCredentials(credentials, options)
  }

  private constructor(current: Credentials, options: RenewalOptions) {
    this.#current = current
    this.#options = options
    this.#lookLater()
  }

  get current(): Credentials {
    return this.#current
  }

  /** Tells of every pair that takes the place of the one before. */
  watch(take: (renewed: Credentials) => void): () => void {
    this.#watchers.add(take)
    return () => this.#watchers.delete(take)
  }

  /** Looks at the files now. */
  async look(): Promise<void> {
    const { files, logger } = this.#options
    try {
      const found = await readCredentials(files)
      if (this.#isClosed) return
      if (!isSame(found, this.#current)) {
        demandPair(found, files)
        this.#take(found)
      }
      this.#warning = undefined
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error
      if (error.message === this.#warning) return
      this.#warning = error.message
      logger.warn({}, `the certificate stays as it is: ${error.message}`)
    }
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true
    this.#cancelLook?.()
    this.#watchers.clear()
  }

  #take(renewed: Credentials): void {
    this.#current = renewed
    for (const take of this.#watchers) take(renewed)
    const { validTo } = new X509Certificate(renewed.certificate)
    this.#options.logger.info({ validTo }, 'the certificate was renewed')
  }

  #lookLater(): void {
    this.#cancelLook = this.#options.clock.after(lookEveryMs, () => void this.#lookAndGoOn())
  }

  async #lookAndGoOn(): Promise<void> {
    await this.look()
    if (!this.#isClosed) this.#lookLater()
  }
}

function isSame(one: Credentials, other: Credentials): boolean {
  return one.certificate === other.certificate && one.key === other.key
}
