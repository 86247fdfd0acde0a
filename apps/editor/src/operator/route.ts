/** Where one is on the operator's page, by what follows the `#`: the server is not told of it. */

/** Undefined: among all documents. */
export function documentIn(place: string): string | undefined {
  const id = /^\/d\/(.+)$/su.exec(place)?.[1]
  try {
    return id === undefined ? undefined : decodeURIComponent(id)
  } catch {
    return id // mistyped: there is no such document, and that will be said
  }
}

export function placeOf(id: string): string {
  return `/d/${encodeURIComponent(id)}`
}
