/** Choices on top of seeded numbers. */
import type { Random } from '../support/random.ts'

export function isOneIn(random: Random, chances: number): boolean {
  return random.below(chances) === 0
}

/** `low` and `high` included. */
export function between(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1)
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  if (items.length === 0) throw new Error('there is nothing to pick from')
  return items[random.below(items.length)] as Item // the index is inside
}

/** One of `choices`, each as likely as its weight says. */
export function weighted<Choice extends string>(
  random: Random,
  choices: Readonly<Record<Choice, number>>,
): Choice {
  const entries = Object.entries(choices) as [Choice, number][] // the keys of an object that is closed
  let at = random.below(entries.reduce((sum, [, weight]) => sum + weight, 0))
  for (const [choice, weight] of entries) {
    at -= weight
    if (at < 0) return choice
  }
  throw new Error('the weights are whole numbers above zero')
}

export function times<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const left = [...items]
  return items.map(() => left.splice(random.below(left.length), 1)).flat()
}

const words = [
  '',
  'a',
  'b',
  'word',
  'some more words',
  'é',
  'ſtr\u0000ange',
  '🙂',
  'a🙂b🙃',
  '\ufeff',
  '…\u2028',
  '￿',
]

export function text(random: Random): string {
  return pick(random, words) + pick(random, words)
}
