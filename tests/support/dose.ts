export interface Dose {
  /** The variable that says how much, for whoever has the time for more. */
  readonly variable?: string
  readonly usual: number
  /** Where the whole run is to take minutes: QUIRE_DOSE=small. */
  readonly small: number
}

/** How much is done of what could go on for hours. */
export function dose({ variable, usual, small }: Dose): number {
  const wanted = variable === undefined ? undefined : process.env[variable]
  if (wanted !== undefined) return Number(wanted)
  return process.env['QUIRE_DOSE'] === 'small' ? small : usual
}
