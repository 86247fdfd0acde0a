/** What a seed stands for: who is there, over what lines, and what befalls server, disk and connections. */
import { attackNames, type AttackName } from './attacks.ts'
import type { AdversaryTraits } from './adversary.ts'
import type { Chance } from './chance.ts'
import type { Traits } from './person.ts'
import type { Quality } from './wire.ts'

export interface Scenario {
  readonly durationMs: number
  readonly create: boolean
  /** `siblingOf`: the index of the person whose other tab this is. */
  readonly people: readonly (Omit<Traits, 'sibling'> & { readonly siblingOf?: number })[]
  readonly adversaries: readonly AdversaryTraits[]
  /** Between two events of its kind; undefined if there are none. */
  readonly restartsMs: number | undefined
  readonly weatherMs: number | undefined
  /** How the disk is between two such events. */
  readonly climate: 'fine' | 'slow'
}

export interface ScenarioOptions {
  /** Attacks that nobody plays. */
  readonly without?: readonly AttackName[]
}

const names = ['anna', 'ben', 'cleo', 'dora', 'emil', 'frida', 'gina']

const qualities: Readonly<Record<'near' | 'far' | 'bad' | 'thin', Quality>> = {
  near: { delayMs: (chance) => 1 + chance.wait(5), weight: 1 },
  far: { delayMs: (chance) => 40 + chance.wait(40), weight: 1 },
  bad: { delayMs: (chance) => 20 + (chance.oneIn(10) ? chance.wait(3000) : chance.wait(100)), weight: 300 },
  thin: { delayMs: (chance) => 20 + chance.wait(200), weight: 20_000 },
}

const qualityWeights = { near: 40, far: 35, bad: 15, thin: 10 } as const

export function scenarioOf(chance: Chance, { without = [] }: ScenarioOptions = {}): Scenario {
  const durationMs = chance.pick([5000, 15_000, 30_000, 60_000])
  // The longer it goes on the slower it goes, so that each run is about as much work.
  const pace = Math.max(1, durationMs / 15_000)
  const count = chance.pick([1, 2, 2, 3, 3, 4, 5, 6])
  const trouble = chance.pick([1500, 4000, 10_000])
  const pastesMuch = chance.oneIn(200)
  const people = Array.from({ length: count }, (_, index) => {
    const siblingOf = index > 0 && chance.oneIn(4) ? index - 1 : undefined
    const isStock = siblingOf !== undefined || chance.oneIn(3)
    return {
      name: names[index] ?? `person ${index}`,
      role: index > 0 && siblingOf === undefined && chance.oneIn(6) ? ('view' as const) : ('edit' as const),
      speaksQuire: !isStock,
      principal: names[siblingOf ?? index] ?? '',
      quality: qualities[chance.weighed(qualityWeights)],
      restMs: pace * chance.pick([500, 1200, 2500]) * count ** 0.5,
      troubleMs: trouble * pace * (0.5 + chance.below(100) / 100),
      pastesMuch: pastesMuch && index === 0,
      ...(siblingOf !== undefined && { siblingOf }),
    }
  })
  return {
    durationMs,
    create: chance.oneIn(3),
    people: withSiblings(people),
    adversaries: chance.percent(60) ? [adversaryOf(chance, { pace, without })] : [],
    restartsMs: chance.oneIn(2) ? pace * chance.pick([2000, 8000]) : undefined,
    climate: chance.oneIn(8) ? 'slow' : 'fine',
    weatherMs: chance.oneIn(2) ? pace * chance.pick([2000, 8000]) : undefined,
  }
}

/** Tabs know of each other both ways, only stock clients talk to each other, and nobody has three. */
function withSiblings(people: Scenario['people']): Scenario['people'] {
  const result = people.map((person) => ({ ...person }))
  for (const [index, person] of result.entries()) {
    const { siblingOf } = person
    if (siblingOf === undefined || siblingOf > index) continue
    const other = result[siblingOf]
    if (!other || other.siblingOf !== undefined || other.role === 'view') {
      delete person.siblingOf
      person.principal = person.name
    } else {
      other.siblingOf = index
      other.speaksQuire = false
    }
  }
  return result
}

function adversaryOf(
  chance: Chance,
  { pace, without }: { pace: number; without: readonly AttackName[] },
): AdversaryTraits {
  const all = attackNames.filter((name) => !without.includes(name))
  return {
    role: chance.oneIn(6) ? 'view' : 'edit',
    quality: qualities[chance.pick(['near', 'far'] as const)],
    speaksQuire: !chance.oneIn(3),
    restMs: pace * chance.pick([200, 600]),
    isMute: chance.oneIn(3),
    // One kind alone shows what it does; all of them show what they do together.
    repertoire: chance.oneIn(2) ? all : [chance.pick(all), chance.pick(all)],
  }
}
