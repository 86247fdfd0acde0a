/**
 * The structs of an update in an order in which each builds on earlier ones only: Yjs's own way (`integrateStructs`),
 * along one client's structs, and aside to another's, as far as needed, for what a struct builds on.
 */
import { ProtocolError } from '../errors.ts'
import { limits } from '../limits.ts'
import { structsOf, type Run, type ScannedUpdate } from './scan.ts'
import { none, type StructReader } from './struct-reader.ts'

/**
 * Calls `visit` with the reader of each struct that is not `known`. What they build on and the update does not hold is
 * there already. Throws a `ProtocolError` if there is no such order: then the structs build on each other in a circle.
 */
export function inCausalOrder(
  update: ScannedUpdate,
  known: (client: number) => number,
  visit: (struct: StructReader) => void,
): void {
  const lanes = new Map<number, Lane>()
  for (const [client, runs] of Map.groupBy(update.runs, (run) => run.client))
    lanes.set(client, new Lane(update.bytes, runs, known(client)))
  for (const lane of lanes.values()) {
    /** What we went aside for, and for that again: each until this clock of its lane is placed. */
    const goals: Goal[] = [{ lane, clock: limits.maxClock }]
    lane.isUnderway = true
    for (let goal = goals.at(-1); goal; goal = goals.at(-1)) {
      const struct = goal.lane.head <= goal.clock ? goal.lane.next() : undefined
      if (!struct) {
        goals.pop()
        goal.lane.isUnderway = false
        continue
      }
      const blocker = blockerOf(struct, lanes)
      if (!blocker) {
        visit(struct)
        goal.lane.pass()
      } else if (blocker.lane.isUnderway) {
        throw new ProtocolError('update-malformed', 'structs build on each other in a circle')
      } else {
        goals.push(blocker)
        blocker.lane.isUnderway = true
      }
    }
  }
}

interface Goal {
  readonly lane: Lane
  readonly clock: number
}

/** One client's structs, and how far they have been placed. */
class Lane {
  /** We went aside along it and have not come back. */
  isUnderway = false
  #passed: number
  readonly #bytes: Uint8Array
  readonly #runs: Run[]
  #reader: StructReader | undefined
  /** Structs of the run that have not been passed, the reader's among them. */
  #left = 0

  constructor(bytes: Uint8Array, runs: readonly Run[], known: number) {
    this.#bytes = bytes
    this.#runs = runs.toReversed()
    this.#passed = known
  }

  /** The first clock that is not placed: those before it were placed or are no part of the update. */
  get head(): number {
    const struct = this.next()
    return struct ? Math.max(struct.clock, this.#passed) : limits.maxClock
  }

  /** The first struct that is not placed, if there is one. */
  next(): StructReader | undefined {
    for (;;) {
      if (this.#left === 0) {
        const run = this.#runs.pop()
        if (!run) return undefined
        this.#reader = structsOf(this.#bytes, run)
        this.#left = run.count
        this.#reader.next()
      }
      const reader = this.#reader
      if (!reader || reader.clock + reader.length > this.#passed) return reader
      this.#step()
    }
  }

  /** What `next` gave has been placed. */
  pass(): void {
    const reader = this.#reader
    if (reader) this.#passed = reader.clock + reader.length
    this.#step()
  }

  #step(): void {
    this.#left--
    if (this.#left > 0) this.#reader?.next()
  }
}

function blockerOf(struct: StructReader, lanes: ReadonlyMap<number, Lane>): Goal | undefined {
  return (
    blockedBy(lanes, struct, struct.originClient, struct.originClock) ??
    blockedBy(lanes, struct, struct.rightClient, struct.rightClock) ??
    blockedBy(lanes, struct, struct.parentClient, struct.parentClock)
  )
}

/** What is built on and comes before a lane's head, or has no lane, is no part of the update any more. */
function blockedBy(
  lanes: ReadonlyMap<number, Lane>,
  struct: StructReader,
  client: number,
  clock: number,
): Goal | undefined {
  const lane = client === none || client === struct.client ? undefined : lanes.get(client)
  return lane && lane.head <= clock ? { lane, clock } : undefined
}
