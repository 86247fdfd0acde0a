/**
 * A server that is stopped by SIGTERM and started again, again and again, while people type. What was acknowledged is on
 * the disk when it has stopped, and in the end everything is there once; people type on meanwhile, and their pages come
 * back by themselves. Prints how long it took from each page's last acknowledgement before a restart to its first after.
 */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import type { DocumentSession } from '@quire/editor/session'
import { expect, it } from 'vitest'
import { createDocument, readText } from '../support/documents.ts'
import { dose } from '../support/dose.ts'
import { spawnServer } from '../support/quire-process.ts'
import { chosenSeed, seededRandom, type Random } from '../support/random.ts'
import { openSession, untilSaved } from '../support/session.ts'
import { readStoredText } from '../support/stored-text.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { untilSession, untilText } from '../support/until.ts'
import { expectOnce } from '../support/tokens.ts'

const restarts = dose({ variable: 'QUIRE_RESTARTS', usual: 4, small: 2 })
const typists = 8
/** The moment of the signal, counted from when everyone's words are saved again. */
const maxLifeMs = 300
/** Between two tokens of a typist: a fast hand, so that the gap is the server's and not the typist's. */
const maxRestMs = 120
const seed = chosenSeed()

it(
  `nothing acknowledged is lost to ${restarts} restarts, and typing resumes by itself (seed ${seed})`,
  { timeout: 900_000 },
  async () => {
    const random = seededRandom(seed)
    const folder = temporaryFolder()
    const server = await spawnServer(folder)
    const document = await createDocument(server.url)
    const everyone = await Promise.all(
      Array.from({ length: typists }, async (_, name) => {
        const session = await openSession({ syncUrl: server.syncUrl, document, name: String(name) })
        return new Typist({ name, session, random: seededRandom(seed + 1 + name) })
      }),
    )
    const gapsMs: number[] = []
    const downMs: number[] = []
    for (let restart = 0; restart < restarts; restart++) {
      await passed(random.below(maxLifeMs))
      const toldAt = performance.now()
      expect((await server.kill('SIGTERM')).code).toBe(0)
      // A server that was asked to stop leaves no log beside its database.
      const stopped = join(temporaryFolder(), 'data')
      cpSync(folder, stopped, { recursive: true })
      const acknowledged = everyone.flatMap((typist) => typist.acknowledged())
      const stoppedAt = performance.now()
      await server.restart()
      downMs.push(performance.now() - toldAt)
      await Promise.all(everyone.map((typist) => typist.isHeardAfter(stoppedAt)))
      gapsMs.push(...everyone.map((typist) => typist.gapAround(stoppedAt)))
      // Only now: while this thread reads, nobody here types.
      expectOnce(acknowledged, await readStoredText(stopped, document.id))
      rmSync(stopped, { recursive: true })
    }

    for (const typist of everyone) typist.stop()
    await Promise.all(everyone.map(({ session }) => untilSaved(session)))
    const text = await readText(server.url, document)
    await Promise.all(everyone.map(({ session }) => untilText(session.text, text)))
    const typed = everyone.flatMap((typist) => typist.typed())
    expectOnce(typed, text)
    expect(text).toHaveLength(typed.join('').length)
    console.log(
      `${restarts} restarts, ${typed.length} tokens typed by ${typists}\n` +
        `from SIGTERM until it is ready again: ${quantiles(downMs)}\n` +
        `from the last acknowledgement to the next: ${quantiles(gapsMs)}`,
    )
  },
)

function quantiles(timesMs: readonly number[]): string {
  const sorted = timesMs.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    ((sorted[Math.ceil(sorted.length * share) - 1] ?? NaN) / 1000).toFixed(2)
  return `p50 ${at(0.5)} s, p99 ${at(0.99)} s, longest ${at(1)} s`
}

/** Types one token after the other at the end, connected or not, and notes when the server acknowledges some. */
class Typist {
  readonly session: DocumentSession
  readonly #name: number
  readonly #random: Random
  readonly #heardAt: number[] = []
  #made = 0
  #mostSaved = 0
  #timer: NodeJS.Timeout | undefined

  constructor({ name, session, random }: { name: number; session: DocumentSession; random: Random }) {
    this.#name = name
    this.session = session
    this.#random = random
    session.subscribe(() => {
      const saved = this.#made - session.unsaved
      if (saved <= this.#mostSaved) return
      this.#mostSaved = saved
      this.#heardAt.push(performance.now())
    })
    this.#rest()
  }

  typed(): string[] {
    return Array.from({ length: this.#made }, (_, index) => this.#token(index))
  }

  acknowledged(): string[] {
    return this.typed().slice(0, this.#mostSaved)
  }

  isHeardAfter(moment: number): Promise<void> {
    return untilSession(this.session, () => (this.#heardAt.at(-1) ?? 0) > moment)
  }

  gapAround(moment: number): number {
    const after = this.#heardAt.findIndex((at) => at > moment)
    return (this.#heardAt[after] ?? NaN) - (this.#heardAt[after - 1] ?? NaN)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #rest(): void {
    this.#timer = setTimeout(() => {
      this.session.text.insert(this.session.text.length, this.#token(this.#made++))
      this.#rest()
    }, this.#random.below(maxRestMs))
  }

  #token(index: number): string {
    return `<${this.#name}:${index}>`
  }
}
