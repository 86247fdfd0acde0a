/** What a seed stands for: who is there, with which devices, over what lines, and what befalls them. */
import type { Chance } from '../chance.ts'
import type { Quality } from '../wire.ts'

export interface PersonTraits {
  readonly name: string
  readonly quality: Quality
  /** The browser keeps something for this site. */
  readonly keeps: boolean
  readonly tabs: number
  /** Between two bursts of typing. */
  readonly restMs: number
  /** Between two things that befall their tabs, their network or their device. */
  readonly troubleMs: number
  /** Between two changes of what they may do. */
  readonly rolesMs: number | undefined
}

export interface HistoryScenario {
  readonly durationMs: number
  /** Somebody writes under the client ids of people who are away. */
  readonly areIdsStolen: boolean
  readonly people: readonly PersonTraits[]
  /** Between two events of its kind; undefined if there are none. */
  readonly restartsMs: number | undefined
  readonly weatherMs: number | undefined
}

const names = ['anna', 'ben', 'cleo']

const qualities: Readonly<Record<'near' | 'far' | 'bad', Quality>> = {
  near: { delayMs: (chance) => 1 + chance.wait(5), weight: 1 },
  far: { delayMs: (chance) => 40 + chance.wait(40), weight: 1 },
  bad: { delayMs: (chance) => 20 + (chance.oneIn(10) ? chance.wait(3000) : chance.wait(100)), weight: 1 },
}

export function scenarioOf(chance: Chance, areIdsStolen: boolean): HistoryScenario {
  // Ids are nobody's only after a while.
  const durationMs = areIdsStolen ? 90_000 : chance.pick([15_000, 30_000, 90_000])
  // The longer it goes on the slower it goes, so that each history is about as much work.
  const pace = durationMs / 15_000
  const count = chance.pick([1, 2, 2, 3])
  const restMs = chance.pick([400, 1200])
  return {
    durationMs,
    areIdsStolen,
    people: names.slice(0, count).map((name) => ({
      name,
      quality: qualities[chance.weighed({ near: 40, far: 40, bad: 20 })],
      keeps: !chance.oneIn(6),
      tabs: chance.pick([1, 1, 2, 3]),
      restMs: pace * restMs * count,
      troubleMs: pace * chance.pick([700, 2500]) * count,
      rolesMs: chance.oneIn(4) ? pace * chance.pick([2000, 6000]) : undefined,
    })),
    restartsMs: chance.oneIn(2) ? pace * chance.pick([2000, 8000]) : undefined,
    weatherMs: chance.oneIn(3) ? pace * chance.pick([2000, 8000]) : undefined,
  }
}
