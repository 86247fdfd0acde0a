/** Styles within components are built without their comments and indentation, which minifiers leave in strings. */
import type { Plugin } from 'vite'

export function leanStyles(): Plugin {
  return {
    name: 'lean-styles',
    apply: 'build',
    enforce: 'pre',
    transform: {
      filter: { id: /apps\/editor\/src\/.*\.ts$/, code: 'css`' },
      handler: (code) => ({
        code: code.replaceAll(/\bcss`([^`]*)`/g, (_whole, styles: string) => `css\`${lean(styles)}\``),
        map: null,
      }),
    },
  }
}

function lean(styles: string): string {
  return styles.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/\s+/g, ' ')
}
