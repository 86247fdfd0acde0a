/** Keeps the lines of a text where the eye has them while the bar above it grows or shrinks. */
import type { ReactiveController } from 'lit'

export interface Parts {
  readonly bar: Element | null
  readonly text: { shiftLines(by: number): void } | null
}

/** `parts` is asked after each rendering and whenever the bar has changed its height. */
export function steadyText(parts: () => Parts): ReactiveController {
  let observed: Element | undefined
  let height: number | undefined
  // Told before anything is painted, so nobody sees the text go and come back.
  const observer = new ResizeObserver(([entry]) => {
    const next = entry?.borderBoxSize[0]?.blockSize
    if (next === undefined) return
    if (height !== undefined && next !== height) parts().text?.shiftLines(next - height)
    height = next
  })
  return {
    hostUpdated() {
      const bar = parts().bar ?? undefined
      if (bar === observed) return
      observer.disconnect()
      height = undefined
      observed = bar
      if (bar) observer.observe(bar)
    },
    hostDisconnected() {
      observer.disconnect()
      observed = undefined
    },
  }
}
