/** Which commands somebody used last, for those are likely to be wanted again. */

/** The ids of the commands that were last used on this device, the newest first. */
export interface RecentCommands {
  readonly ids: readonly string[]
  used(id: string): void
}

/** As many as one sees at a glance. */
export const maxRecentCommands = 5

export function withCommand(ids: readonly string[], id: string): readonly string[] {
  return [id, ...ids.filter((other) => other !== id)].slice(0, maxRecentCommands)
}
