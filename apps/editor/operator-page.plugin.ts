/**
 * Builds the operator's page beside the editor's, after it and by itself: with a common build, what both import would become a
 * file more for whoever wants to write.
 */
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import { leanStyles } from './lean-styles.ts'

const root = fileURLToPath(new URL('.', import.meta.url))

export function operatorPage(target: string[]): Plugin {
  return {
    name: 'operator-page',
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        if (request.url === '/admin') request.url = '/admin.html'
        next()
      })
    },
    async closeBundle() {
      if (this.environment.config.command !== 'build') return
      await build({
        configFile: false,
        logLevel: 'warn',
        root,
        plugins: [leanStyles()],
        build: {
          outDir: 'dist',
          emptyOutDir: false,
          // Those are there already.
          copyPublicDir: false,
          target,
          modulePreload: false,
          assetsInlineLimit: 0,
          rolldownOptions: { input: fileURLToPath(new URL('admin.html', import.meta.url)) },
        },
      })
    },
  }
}
