/**
 * The second wall: what Markdown became passes only if it is made of what our renderer makes. The first wall is that the
 * renderer knows no HTML, the third that this frame may do nothing.
 */
import sanitiser from 'dompurify'

/** Ids of the text begin with this, so that none of them stands for anything a script would look for. */
export const idPrefix = 'user-content-'

const allowed = {
  ALLOWED_TAGS:
    'h1 h2 h3 h4 h5 h6 p blockquote ul ol li pre hr div section table thead tbody tr th td a em strong s code br img input button span sup small #text'.split(
      ' ',
    ),
  ALLOWED_ATTR:
    'align alt aria-label checked class dir disabled href id src start title type data-alt data-language data-line data-source'.split(
      ' ',
    ),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // Also what has no scheme: places in the text, and paths that lead nowhere from here.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  SANITIZE_NAMED_PROPS: true,
}

export function sanitised(html: string): DocumentFragment {
  return sanitiser.sanitize(html, { ...allowed, RETURN_DOM_FRAGMENT: true })
}

/** A drawing as a diagram is made of: no HTML within, no links, nothing that is fetched. */
export function sanitisedDrawing(svg: string): DocumentFragment {
  return sanitiser.sanitize(svg, {
    USE_PROFILES: { svg: true, svgFilters: true },
    FORBID_TAGS: ['a', 'image', 'feimage', 'animate', 'set', 'script'],
    RETURN_DOM_FRAGMENT: true,
  })
}

/** For others to use: once more, as what is written out is read anew. Formulas and drawings are part of it. */
export function sanitisedHtml(html: string): string {
  return sanitiser.sanitize(html, {
    USE_PROFILES: { html: true, mathMl: true, svg: true, svgFilters: true },
    FORBID_TAGS: ['form', 'button', 'textarea', 'select', 'image', 'feimage'],
    ALLOWED_URI_REGEXP: allowed.ALLOWED_URI_REGEXP,
  })
}
