/**
 * Builds what the preview's frame is made of: a page with its script within, and each part in one file. The frame's origin is its own,
 * so browsers keep nothing it fetches by itself; what it is made of comes with its page, or from the page around it.
 */
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

const name = 'virtual:preview-frame'
const folder = new URL('src/preview/frame/', import.meta.url)

export function previewFrame(target: string[]): Plugin {
  let isBuild = false
  return {
    name: 'preview-frame',
    configResolved: ({ command }) => void (isBuild = command === 'build'),
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined
      const [script, math, diagrams] = await Promise.all(
        ['main.ts', 'math.ts', 'diagrams.ts'].map((file) => bundle(file, target)),
      )
      const files = {
        page: { name: 'preview.html', source: pageAround(script ?? ''), type: 'text/html' },
        math: { name: 'preview-math.js', source: math ?? '', type: 'text/javascript' },
        diagrams: { name: 'preview-diagrams.js', source: diagrams ?? '', type: 'text/javascript' },
      }
      return Object.entries(files)
        .map(([key, { name: fileName, source, type }]) => {
          const url = isBuild
            ? `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name: fileName, source })}`
            : JSON.stringify(`data:${type};base64,${Buffer.from(source).toString('base64')}`)
          return `export const ${key} = ${url}`
        })
        .join('\n')
    },
  }
}

/** All of it in one file, whatever it imports. */
async function bundle(file: string, target: string[]): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [modernFonts()],
    build: {
      write: false,
      target,
      modulePreload: false,
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      chunkSizeWarningLimit: Number.MAX_SAFE_INTEGER,
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: fileURLToPath(new URL(file, folder)),
        preserveEntrySignatures: 'strict',
        output: { codeSplitting: false },
      },
    },
  })
  const chunk = [result].flat().flatMap((made) => ('output' in made ? made.output : []))[0]
  if (chunk?.type !== 'chunk') throw new Error(`${file} did not become one file`)
  return chunk.code
}

/** Of the three formats in which KaTeX brings its fonts, the one that every browser we know reads. */
function modernFonts(): Plugin {
  return {
    name: 'modern-fonts',
    enforce: 'pre',
    transform: (code, id) =>
      /katex\.css/u.test(id)
        ? code.replaceAll(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/gu, '')
        : undefined,
  }
}

function pageAround(script: string): string {
  // Inside a script element these would end it, or begin a comment.
  const safe = script.replaceAll(/<(?=\/script|!--|script)/giu, String.raw`\x3C`)
  return `<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Preview</title>
<body>
<script type="module">${safe}</script>
`
}
