/**
 * A text as a page of its own, to be kept as a file or printed: what was rendered of it, a style sheet, and a policy under
 * which nothing runs that somebody may have written into it.
 */

import tokens from '../look/tokens.css?inline'
import frameStyles from '../preview/frame/frame.css?inline'

/** Styles may stand inline, since formulas are laid out by them. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; font-src data:"

/** As in the preview, with the fonts that are there. Diagrams are drawn for light paper. */
const styles = `${tokens}${frameStyles}
pre.diagram:has(> svg) { background: light-dark(transparent, #fcfaf7); padding: var(--space-3) }
`

/** `html` has been cleaned of whatever could run; `language` is BCP 47, of what is around the text. */
export function standalonePage(page: {
  readonly title: string
  readonly html: string
  readonly language: string
}): string {
  const { title, html, language } = page
  return `<!doctype html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${escape(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${styles}</style>
</head>
<body>
<main>
${html}
</main>
</body>
</html>
`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
