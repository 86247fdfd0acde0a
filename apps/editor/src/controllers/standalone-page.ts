/**
 * A text as a page of its own, to be kept as a file or printed: what was rendered of it, a style sheet, and a policy under
 * which nothing runs that somebody may have written into it.
 */

/** Styles may stand inline, since formulas are laid out by them. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; font-src data:"

const styles = `
:root { color-scheme: light dark; --soft: light-dark(#6b645c, #aaa39a); --rule: light-dark(#e6e2dc, #35302b); --red: light-dark(#b23a1e, #e8805f) }
body { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem 6rem; background: light-dark(#fcfaf7, #15120f); color: light-dark(#2a2420, #e2ddd5); font: 1.0625rem/1.7 ui-sans-serif, system-ui, sans-serif; overflow-wrap: break-word }
h1, h2, h3, h4, h5, h6 { margin: 2em 0 0.5em; line-height: 1.25; text-wrap: balance }
h1 { margin-top: 0; font-size: 2rem }
h2 { font-size: 1.375rem }
h3, h4, h5, h6 { font-size: 1.0625rem }
p, ul, ol, pre, table, blockquote { margin: 0 0 1.1em }
a { color: inherit; text-decoration-color: var(--red); text-underline-offset: 3px }
li::marker { color: var(--red) }
li:has(> input[type=checkbox]) { list-style: none }
blockquote { margin-inline: 0; padding-inline-start: 1em; border-inline-start: 2px solid var(--rule); color: var(--soft) }
code { font: 0.88em ui-monospace, Menlo, Consolas, monospace; background: var(--rule); padding: 1px 5px; border-radius: 4px }
pre { padding: 0.9em 1em; border: 1px solid var(--rule); border-radius: 8px; overflow-x: auto; line-height: 1.5 }
pre.plain { white-space: pre-wrap }
pre code { padding: 0; background: none }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { padding: 6px 12px; border-bottom: 1px solid var(--rule); text-align: start }
img { max-width: 100%; height: auto }
hr { border: 0; border-top: 1px solid var(--rule); margin: 2.5em 0 }
@media print { body { max-width: none; padding: 0; background: none; color: #000 } pre, table, img { break-inside: avoid } h1, h2, h3 { break-after: avoid } }
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
${html}
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
