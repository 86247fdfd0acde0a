/** A dose of histories of the real session, and that they can be trusted: a seed says everything, and what is broken is convicted. */
import { describe, expect, it } from 'vitest'
import { describeFailures, runFleet, type Summary } from '../fleet.ts'
import { dose } from '../../support/dose.ts'

const program = new URL('worker.ts', import.meta.url)
const seeds = dose({ variable: 'QUIRE_SEEDS', usual: 1000, small: 30 })
/** The same histories each time: a change is not to be judged by what chance has met. */
const first = Number(process.env['QUIRE_FIRST'] ?? 7_000_000)

it(
  `no edit shown as saved is missing and no unsaved edit is forgotten in ${seeds} histories (seeds from ${first})`,
  { timeout: 600_000 },
  async () => {
    const { failures, counts } = await runFleet({ program, first, seeds })
    console.log(
      `${seeds} histories, ${counts.get('edits')} edits, ${counts.get('edits shown as saved')} shown as saved`,
    )
    expect(describeFailures(failures)).toEqual([])
  },
)

it('nor is any if somebody writes under the ids of people who are away', { timeout: 600_000 }, async () => {
  const { failures } = await runFleet({
    program,
    first: 1,
    seeds: dose({ usual: 200, small: 5 }),
    variant: 'ids are stolen',
  })
  expect(describeFailures(failures)).toEqual([])
})

it.each([
  [1025, 'what a thief and we wrote becomes one struct'],
  [1418, 'an id is held by somebody who has nothing stored under it'],
  [1663, 'only some of the ids that a frame mentions were stolen'],
  [1675, 'edits are given up much later than a person wanted, and others build on them'],
  [3993, 'an edit comes while others are given up'],
])('nor in history %d: %s', async (seed) => {
  const { failures } = await runFleet({ program, first: seed, seeds: 1, variant: 'ids are stolen' })
  expect(describeFailures(failures)).toEqual([])
})

it('the same seed plays out the same, whoever plays it', async () => {
  const some = { program, first, seeds: dose({ usual: 20, small: 10 }) }
  const [alone, together] = [await runFleet({ ...some, threads: 1 }), await runFleet(some)]
  expect(together).toEqual(alone)
})

describe('the checks convict', () => {
  /** One of the first forty histories shows each of these rules to be broken. */
  async function convict(variant: string, ...rules: readonly string[]): Promise<void> {
    const brokenIn = ({ failures }: Summary): readonly string[] =>
      failures.flatMap(({ violations }) => violations.map(({ rule }) => rule))
    const summary = await runFleet({
      program,
      first: 1,
      seeds: 40,
      variant,
      isEnough: (soFar) => rules.every((rule) => brokenIn(soFar).includes(rule)),
    })
    expect(brokenIn(summary)).toEqual(expect.arrayContaining([...rules]))
  }

  it('a session that takes for saved what it has sent', async () => {
    await convict(
      'sent counts as saved',
      'what is shown as saved is on disk',
      'what was shown as saved is there',
    )
  })

  it('a session that takes more for stored than the server says', async () => {
    await convict(
      'more counts as stored than the server says',
      'what is shown as saved is on disk',
      'what is called saved is on disk',
    )
  })

  it('a device that says written, and forgets', async () => {
    await convict(
      'a device forgets what it has written',
      'what is called kept is on the device',
      'no unsaved edit is forgotten',
    )
  })
})
