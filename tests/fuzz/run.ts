/** A stretch of seeds, one execution each, and a whole room now and then. */
import { admit } from '@quire/protocol'
import { seededRandom } from '../support/random.ts'
import { caseOf } from './cases.ts'
import { costOf } from './cost.ts'
import { Costliest } from './costliest.ts'
import { examine } from './examine.ts'
import { runHostileSequence, runSequence } from './rooms.ts'
import { Tally } from './tally.ts'

/** A sequence takes as long as hundreds of single updates. */
const seedsPerSequence = 512

export interface Stretch {
  readonly tally: Tally
  readonly costliest: Costliest
}

export function runSeeds(first: number, count: number, atSeed: (seed: number) => void = () => {}): Stretch {
  const stretch = { tally: new Tally(), costliest: new Costliest() }
  for (let seed = first; seed < first + count; seed++) {
    atSeed(seed)
    runCase(seed, stretch)
    if (seed % seedsPerSequence === 0) runRooms(seed, stretch.tally)
  }
  return stretch
}

function runCase(seed: number, { tally, costliest }: Stretch): void {
  const examination = caseOf(seed)
  const { scene, update } = examination
  tally.executions++
  try {
    const cost = costOf(() => admit(update, scene.ledger))
    const { admission, outcome, disagreements } = examine(examination)
    if (admission.type !== 'refused') costliest.note(seed, update.length, cost)
    tally.count(outcome)
    for (const what of new Set(disagreements)) tally.find({ seed, what, state: scene.state, update })
  } catch (error) {
    tally.find({ seed, what: `uncaught ${String(error)}`, state: scene.state, update })
  }
}

function runRooms(seed: number, tally: Tally): void {
  const found = [runSequence, runHostileSequence].flatMap((run) => {
    try {
      return run(seededRandom(seed))
    } catch (error) {
      return [`uncaught in a sequence: ${String(error)}`]
    }
  })
  tally.count('sequences of updates through a room', 2)
  for (const what of new Set(found)) tally.find({ seed, what })
}
