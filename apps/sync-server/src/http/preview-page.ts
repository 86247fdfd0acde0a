/**
 * The page in which the editor shows a text as it is read, made of what strangers wrote. It is served with a policy of its own,
 * which says what a frame with this page may do, also when it is opened by itself: run the script that is in it, and draw.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from 'hono'
import { Problem } from './problem.ts'

/** Where the build puts it; the name changes with its content. */
export const previewPath = '/assets/:page{preview-[\\w-]+\\.html}'

export interface PreviewPageOptions {
  readonly root: string
  /** Origins whose pages may show ours in a frame. */
  readonly frameAncestors: readonly string[]
}

export function previewPage({
  root,
  frameAncestors,
}: PreviewPageOptions): (context: Context<object, typeof previewPath>) => Promise<Response> {
  /** A build has one, and its name changes with its content. */
  let kept: Page | undefined
  return async (context) => {
    const name = context.req.param('page')
    if (kept?.name !== name) kept = await readPage(root, name)
    const { page, scripts } = kept
    const pictures = context.req.query('pictures') !== undefined
    context.header('cache-control', 'public, max-age=31536000, immutable')
    context.header('content-security-policy', previewPolicy({ scripts, pictures, frameAncestors }))
    return context.html(page)
  }
}

interface Page {
  readonly name: string
  readonly page: string
  /** What the policy calls them. */
  readonly scripts: readonly string[]
}

async function readPage(root: string, name: string): Promise<Page> {
  const page = await readFile(join(root, 'assets', name), 'utf8').catch(() => {
    throw new Problem('not-found')
  })
  return { name, page, scripts: scriptHashes(page) }
}

interface PolicyOptions {
  readonly scripts: readonly string[]
  /** The reader has asked for pictures from elsewhere. */
  readonly pictures: boolean
  readonly frameAncestors: readonly string[]
}

function previewPolicy({ scripts, pictures, frameAncestors }: PolicyOptions): string {
  return [
    "default-src 'none'",
    // The script in it, and parts of the editor that the page around hands over. No strings as scripts.
    `script-src ${scripts.join(' ')} blob:`,
    // Formulas and diagrams set styles on elements. Neither styles nor fonts come from anywhere else.
    "style-src 'unsafe-inline'",
    'font-src data:',
    `img-src data:${pictures ? ' https: http:' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${["'self'", ...frameAncestors].join(' ')}`,
    'sandbox allow-scripts allow-modals',
    "require-trusted-types-for 'script'",
    // Two copies of DOMPurify, and Mermaid's strings.
    "trusted-types dompurify default 'allow-duplicates'",
  ].join('; ')
}

function scriptHashes(page: string): string[] {
  return [...page.matchAll(/<script[^>]*>(.*?)<\/script>/gsu)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
}
