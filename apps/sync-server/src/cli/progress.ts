/** One line at the bottom of a terminal that says how far something is, gone when it is done. */

export interface Progress {
  show(text: string): void
  clear(): void
}

export const noProgress: Progress = { show: () => undefined, clear: () => undefined }

/** Often enough to be seen moving, seldom enough to cost nothing. */
const pauseMs = 100

export function terminalProgress(terminal: NodeJS.WriteStream): Progress {
  let shownAt = -Infinity
  let isShown = false
  return {
    show(text) {
      const now = performance.now()
      if (now - shownAt < pauseMs) return
      shownAt = now
      isShown = true
      terminal.write(`\r\u001B[2K${text.slice(0, terminal.columns - 1)}`)
    },
    clear() {
      if (isShown) terminal.write('\r\u001B[2K')
      isShown = false
    },
  }
}
