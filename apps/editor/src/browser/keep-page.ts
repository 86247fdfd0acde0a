/** Has the page itself kept on this device, where the browser does that: over HTTPS, or on the machine itself. */

const path = '/service-worker.js'

export async function keepPage(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register(trustedPath())
  } catch {
    // Blocked by the person or the browser: then the page needs the server to load.
  }
}

/** The page's policy lets no string become a script; this one is ours. */
function trustedPath(): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes }
  const policy = trustedTypes?.createPolicy('quire-worker', {
    createScriptURL: (given) => {
      if (given !== path) throw new TypeError('not the service worker')
      return given
    },
  })
  return policy ? policy.createScriptURL(path) : path
}

/** As much of it as is used; TypeScript's library does not know it everywhere. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (given: string) => string },
  ): { createScriptURL(given: string): string }
}
