/** For what can only be our own bug: fail loudly, so that the smallest owner of the broken state ends with it. */

export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${claim}`)
}

/** Closes a `switch` over a union: a new member makes the compiler stop here. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}
