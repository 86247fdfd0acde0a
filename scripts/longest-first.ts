/** The order of test files where nobody has timed them yet: what takes longest first, so that nothing is left to wait for alone. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Most of them wait, for minutes: their size says nothing of that. */
const longest = [
  'stock-keepalive',
  'simulation',
  'kill',
  'storage-faults',
  'traces',
  'silent-sockets',
  'bad-config',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer, not an array
    const others = await super.sort(files)
    return others.toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
  return place < 0 ? longest.length : place
}
