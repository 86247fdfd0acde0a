/** Does something once the browser has nothing better to do. Where it does not say so, a little later. */
export function whenIdle(act: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(act, { timeout: 10_000 })
  else setTimeout(act, 2_000)
}
