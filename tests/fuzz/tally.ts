/** What many executions showed: counts by name, and everything that must not be. */

export interface Finding {
  /** Gives the case again. */
  readonly seed: number
  readonly what: string
  /** What the room knew, and what it was sent; none for a whole sequence. */
  readonly state?: Uint8Array
  readonly update?: Uint8Array
}

/** Enough to see that there is a class of them. */
const keptOfEach = 5

export class Tally {
  executions = 0
  readonly counts = new Map<string, number>()
  /** A few of each kind; all of them are counted. */
  readonly findings: Finding[] = []

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by)
  }

  find(finding: Finding): void {
    this.count(finding.what)
    this.#keep(finding)
  }

  add({ executions, counts, findings }: Pick<Tally, 'executions' | 'counts' | 'findings'>): void {
    this.executions += executions
    for (const [name, count] of counts) this.count(name, count)
    for (const finding of findings) this.#keep(finding)
  }

  #keep(finding: Finding): void {
    if (this.findings.filter(({ what }) => what === finding.what).length < keptOfEach)
      this.findings.push(finding)
  }
}

export function describe({ seed, what, state, update }: Finding): string {
  const hex = (bytes: Uint8Array | undefined): string => (bytes ? Buffer.from(bytes).toString('hex') : '-')
  return `${what}\n  seed ${seed}\n  known  ${hex(state)}\n  update ${hex(update)}`
}
