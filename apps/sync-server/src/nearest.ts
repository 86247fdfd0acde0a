/** Finds what somebody who mistyped a name most likely meant. */

/** More than these many letters apart, or than half of them, a word is another word. */
const maxDistance = 4

/** Undefined if nothing is near. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  const [first] = known
    .map((name) => ({ name, distance: editDistance(wrong, name) }))
    .toSorted((a, b) => a.distance - b.distance)
  return first && first.distance <= Math.min(maxDistance, wrong.length / 2) ? first.name : undefined
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
