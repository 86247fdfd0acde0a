/** What every answer says to the browser. The app needs no inline script or style and no other origin. */

/** `frameAncestors`: origins whose pages may show ours in a frame. */
export function securityHeaders({ frameAncestors }: { readonly frameAncestors: readonly string[] }): Headers {
  const headers = new Headers({
    'content-security-policy': contentSecurityPolicy(frameAncestors),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    // A link's key is in the fragment and never sent; this keeps the document's address from other sites too.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  // It knows no list of origins, and is read by browsers that do not know the policy.
  if (frameAncestors.length === 0) headers.set('x-frame-options', 'DENY')
  return headers
}

function contentSecurityPolicy(frameAncestors: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    // The preview, which has a policy of its own.
    "frame-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors.length > 0 ? frameAncestors.join(' ') : "'none'"}`,
    "require-trusted-types-for 'script'",
    'trusted-types lit-html quire-worker dompurify',
  ].join('; ')
}
