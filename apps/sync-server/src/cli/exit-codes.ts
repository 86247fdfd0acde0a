/** How a command ends, for whoever started it: a person, a script, systemd. */

export const exitCodes = {
  done: 0,
  failed: 1,
  misused: 2,
  damaged: 3,
  unknown: 4,
  /** EX_TEMPFAIL of sysexits.h. */
  busy: 75,
} as const

export type Ending = keyof typeof exitCodes

export const endings: Readonly<Record<Ending, string>> = {
  done: 'all went well',
  failed: 'it failed, or not all of it could be done',
  misused: 'it was asked for in a way that cannot be, or something has to be mended first',
  damaged: 'what it looked at is damaged',
  unknown: 'there is no such document, or no such link',
  busy: 'another process has the port or the data folder, or there is no room for more: trying again later may help',
}
