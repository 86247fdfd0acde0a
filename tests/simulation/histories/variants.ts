/**
 * Histories of another kind: with a thief, or with sessions and devices that are broken on purpose, to see that the checks tell.
 * For a thread of its own: what is broken stays so.
 */
import { Outbox } from '@quire/editor/session/outbox'
import type { HistoryOptions } from './history.ts'

const variants: Readonly<Record<string, () => HistoryOptions>> = {
  'ids are stolen': () => ({ areIdsStolen: true }),
  'sent counts as saved': () => {
    const { sent } = Outbox.prototype
    Outbox.prototype.sent = function (ids) {
      sent.call(this, ids)
      this.remove(ids)
    }
    return {}
  },
  'more counts as stored than the server says': () => {
    const { acknowledged } = Outbox.prototype
    Outbox.prototype.acknowledged = function (frames) {
      return acknowledged.call(this, frames + 1)
    }
    return {}
  },
  'a device forgets what it has written': () => ({ isDeviceForgetful: true }),
}

export function optionsOf(variant: string | undefined): HistoryOptions {
  if (variant === undefined) return {}
  const options = variants[variant]
  if (!options) throw new Error(`there is no variant “${variant}”, only ${Object.keys(variants).join(', ')}`)
  return options()
}
