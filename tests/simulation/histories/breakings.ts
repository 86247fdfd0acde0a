/** Ways to break sessions and devices on purpose, to see that the checks tell. For a thread of its own: what is broken stays so. */
import { Outbox } from '@quire/editor/session/outbox'
import type { HistoryOptions } from './history.ts'

export const breakings: Readonly<Record<string, () => HistoryOptions>> = {
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
