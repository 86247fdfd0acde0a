/** For tests in Chromium: its session for developers' tools, for what a page cannot do to itself. */
import { cdp } from 'vitest/browser'

interface DevTools {
  send(method: string, parameters: object): Promise<unknown>
}

/** Playwright's session; its types would bring Node's into the page. */
export const devTools = (): DevTools => cdp() as unknown as DevTools
