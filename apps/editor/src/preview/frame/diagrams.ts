/** The part of the preview that draws diagrams. Mermaid writes HTML, so that this is where most could go wrong. */
import sanitiser from 'dompurify'
import mermaid from 'mermaid'
import { reachesOut } from './reaches-out.ts'
import { sanitisedDrawing } from './sanitise.ts'

/** What anyone draws by hand is shorter. Mermaid has a bound of its own, and reads all of a text several times before it looks at it. */
const longestSource = 20_000

/** What a diagram may not choose for itself. */
const ownChoices =
  'secure securityLevel startOnLoad maxTextSize maxEdges suppressErrorRendering htmlLabels themeCSS fontFamily altFontFamily dompurifyConfig darkMode theme'.split(
    ' ',
  )

/** Undefined for what is no diagram, a very long one, or one that would fetch something. One at a time: Mermaid keeps its state to itself. */
export async function drawDiagram(source: string, isDark: boolean): Promise<DocumentFragment | undefined> {
  if (source.length > longestSource || reachesOut(source)) return undefined
  try {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      htmlLabels: false,
      suppressErrorRendering: true,
      maxTextSize: longestSource,
      maxEdges: 300,
      look: 'classic',
      theme: isDark ? 'dark' : 'neutral',
      fontFamily: 'system-ui, sans-serif',
      secure: ownChoices,
    })
    const { svg } = await mermaid.render(`diagram-${next++}`, source)
    return sanitisedDrawing(svg)
  } catch {
    return undefined
  } finally {
    // What Mermaid measures with, which it leaves behind when it fails.
    for (const left of document.querySelectorAll('body > [id^="ddiagram-"], body > [id^="idiagram-"]'))
      left.remove()
  }
}

let next = 0

/** Every string that Mermaid makes into HTML comes by here; one without a mark is text, or the rules of a style sheet. */
trustedTypes?.createPolicy('default', {
  createHTML: (html) =>
    html.includes('<')
      ? sanitiser.sanitize(html, {
          USE_PROFILES: { html: true, svg: true, svgFilters: true },
          FORBID_TAGS: ['img', 'image', 'feimage', 'form', 'video', 'audio'],
          RETURN_TRUSTED_TYPE: false,
        })
      : html,
})

declare const trustedTypes:
  | { createPolicy(name: string, rules: { readonly createHTML: (html: string) => string }): void }
  | undefined
