/** Chance that can be had again: the same seed gives the same numbers. */

export interface Random {
  /** An integer from 0 up to, but not including, `end`. */
  below(end: number): number
}

/** mulberry32: 32 bits of state are plenty for deciding when to pull a plug. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return { below: (end) => Math.floor((next() / 2 ** 32) * end) }
}

/** The same things in an order of chance. */
export function shuffled<Thing>(things: readonly Thing[], random: Random): Thing[] {
  const rest = [...things]
  return things.flatMap(() => rest.splice(random.below(rest.length), 1))
}

/** `QUIRE_SEED`, or a fresh one: say it, so that a failure can be had again. */
export function chosenSeed(): number {
  return Number(process.env['QUIRE_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
}

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random.below(items.length)]
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}
