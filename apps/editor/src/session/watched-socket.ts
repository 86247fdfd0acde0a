/** A socket class that tells of each update frame that leaves, whoever sends it. */

export interface FrameWatcher {
  /** A SyncStep2. */
  answered(): void
  /** An Update. */
  sent(): void
}

const syncType = 0
const step2Kind = 1
const updateKind = 2

/** The first two bytes of a sync frame are its type and kind (both below 128, so one byte each). */
export function watched(Socket: typeof WebSocket, watcher: FrameWatcher): typeof WebSocket {
  return class extends Socket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      super.send(data)
      if (!(data instanceof Uint8Array) || data[0] !== syncType) return
      if (data[1] === step2Kind) watcher.answered()
      else if (data[1] === updateKind) watcher.sent()
    }
  }
}
