/** The address bar: its changes, and links inside the page that need not load another one. */
import { parseTokenLink } from '@quire/protocol'
import type { DocumentToken } from '../controllers/route.ts'
import type { AddressBar } from '../controllers/surroundings.ts'

/** `handOver` is given each access token that comes with an address, where it stands no longer than that takes. */
export function addressBar(handOver: (pass: DocumentToken) => void): AddressBar {
  const listeners = new Set<() => void>()
  const takeToken = (): void => {
    const handed = parseTokenLink(location.href)
    if (!handed) return
    history.replaceState(null, '', location.pathname + location.search)
    const { documentId, token } = handed
    if (token !== undefined) handOver({ type: 'token', documentId, token })
  }
  const tell = (): void => {
    takeToken()
    for (const listener of listeners) listener()
  }
  const go = (path: string): void => {
    history.pushState(null, '', path)
    scrollTo(0, 0)
    tell()
  }
  const replace = (path: string): void => {
    history.replaceState(null, '', path)
    tell()
  }
  const followLink = (event: MouseEvent): void => {
    const path = pathOfClick(event)
    if (path === undefined) return
    event.preventDefault()
    if (path !== pathHere()) go(path)
  }
  takeToken()
  return {
    get href() {
      return location.href
    },
    go,
    replace,
    openBeside: (path) => void open(path, '_blank', 'noopener'),
    reload: () => location.reload(),
    subscribe(listener) {
      if (listeners.size === 0) {
        // Also fired when a key is typed or pasted, or a token set by the application around us, after the address, which is a change of the fragment.
        addEventListener('popstate', tell)
        document.addEventListener('click', followLink)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        removeEventListener('popstate', tell)
        document.removeEventListener('click', followLink)
      }
    },
  }
}

/** The path that a plain click on a link of this site leads to; every other click is the browser's business. */
function pathOfClick(event: MouseEvent): string | undefined {
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  if (!isPlain || event.defaultPrevented) return undefined
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement)
  const isOurs = link && link.origin === location.origin && !link.target && !link.hasAttribute('download')
  return isOurs ? link.pathname + link.search + link.hash : undefined
}

function pathHere(): string {
  return location.pathname + location.search + location.hash
}
