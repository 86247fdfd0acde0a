/**
 * Which colour each user in a room wears: their own, or the next in the palette that nobody else here has. A user with
 * two tabs wears one colour, for as long as one of the tabs is here.
 */
import { palette, type User } from '@quire/protocol'

interface Worn {
  readonly colour: string
  times: number
}

export class Colours {
  /** By the user's id. */
  readonly #worn = new Map<string, Worn>()

  /** The user in the colour they wear from now on, until it is given back once for each time it was taken. */
  take(user: User): User {
    const worn = this.#worn.get(user.id) ?? { colour: this.#freeFor(user), times: 0 }
    worn.times++
    this.#worn.set(user.id, worn)
    return { ...user, colour: worn.colour }
  }

  giveBack({ id }: User): void {
    const worn = this.#worn.get(id)
    if (worn && --worn.times === 0) this.#worn.delete(id)
  }

  #freeFor({ colour }: User): string {
    const taken = new Set(Array.from(this.#worn.values(), (worn) => worn.colour))
    const own = palette.findIndex((known) => known === colour)
    const fromOwn = [...palette.slice(own), ...palette.slice(0, own)]
    return fromOwn.find((candidate) => !taken.has(candidate)) ?? colour
  }
}
