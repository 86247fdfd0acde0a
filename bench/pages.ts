/** What measurements of pages share: a document to open, the time of a key, the CPU time of a page, and the machine. */
import { cpus, release } from 'node:os'
import type { Browser, CDPSession } from 'playwright'

export function describeMachine(browser: Browser): string {
  return `Node ${process.version}, Chromium ${browser.version()}, ${cpus()[0]?.model ?? 'unknown CPU'} × ${cpus().length}, ${process.platform} ${release()}`
}

/** A new document that says this; returns the link with which it is edited. */
export async function storeDocument(serverUrl: string, text: string): Promise<string> {
  const response = await fetch(`${serverUrl}/api/documents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  const { links } = (await response.json()) as { links: { edit: string } } // the 201 of the API
  return links.edit
}

/** Runs in the page: leaves in `keyTimes` how long each key took until the frame with it was painted. */
export function timeKeys(): void {
  const times: number[] = []
  Reflect.set(globalThis, 'keyTimes', times)
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', ({ data: pressedAt }: MessageEvent<number>) =>
    times.push(performance.now() - pressedAt),
  )
  port1.start()
  addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => port2.postMessage(timeStamp)), {
    capture: true,
  })
}

/** Tells from now on how many seconds of CPU time the page's main thread has used. */
export async function watchMainThread(devtools: CDPSession): Promise<() => Promise<number>> {
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
}

/** What this share of the times does not exceed. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
