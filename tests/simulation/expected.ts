/** Attacks the server is not yet proof against. They are left out of the dose, and played with `QUIRE_ALL_ATTACKS`. */
import type { AttackName } from './attacks.ts'

export const expectedToWork: readonly AttackName[] = [
  'garbage at their next clock',
  'a text at their next clock',
  'a text at a clock they will reach',
  'a text that begins with theirs and goes on',
  'a gap and a text after their next clock',
  'a text at their next clock beside one of our own',
  'deletions of what they will write',
  'clients out of order',
  'their presence, frozen',
  'their presence, far ahead',
  'their presence, at the next clock',
]
