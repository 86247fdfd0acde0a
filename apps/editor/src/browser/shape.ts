/** What an answer has to look like: each of these gives the value in its type, or throws a `ShapeError`. */
export type Shape<Value> = (value: unknown) => Value

export class ShapeError extends Error {}

export const text: Shape<string> = (value) => (typeof value === 'string' ? value : fail())
export const amount: Shape<number> = (value) => (typeof value === 'number' ? value : fail())
export const flag: Shape<boolean> = (value) => (typeof value === 'boolean' ? value : fail())

export function oneOf<Value extends string>(is: (value: unknown) => value is Value): Shape<Value> {
  return (value) => (is(value) ? value : fail())
}

export function perhaps<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return (value) => (value === null ? undefined : shape(value))
}

export function list<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return (value) => (Array.isArray(value) ? value.map(shape) : fail())
}

/** With these fields, and perhaps others. */
export function fields<Fields extends object>(shapes: {
  readonly [Name in keyof Fields]: Shape<Fields[Name]>
}): Shape<Fields> {
  return (value) => {
    if (typeof value !== 'object' || value === null) return fail()
    const found: Readonly<Record<string, unknown>> = { ...value }
    const entries = Object.entries<Shape<unknown>>(shapes).map(([name, shape]) => [name, shape(found[name])])
    return Object.fromEntries(entries) as Fields // each field was read by its shape
  }
}

function fail(): never {
  throw new ShapeError('the answer has another shape')
}
