/** The order of test files where nobody has timed them yet: what takes longest first, so that nothing is left to wait for alone. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Their size says nothing of it: a few lines may wait for minutes, kill a server fifty times or try 200,000 updates. */
const longest = [
  'stock-keepalive',
  'commands',
  'stalled-readers',
  'histories',
  'simulation',
  'traces',
  'out-of-order',
  'silent-sockets',
  'kill',
  'import-documents',
  'backup',
  'power-loss',
  'gate-fuzz',
  'storage-faults',
  'power-cut',
  'local-copy',
  'bad-config',
  'full-disk',
  'at-once',
  'flipped-bits',
  'damage',
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
