/** `<quire-editor>` as modules, in an application that is built with a bundler of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'
import { makeDataFolder, runServer } from '../../scripts/run-server.ts'
import { freePort } from '../support/free-port.ts'
import { expect, test } from './stories.ts'

const root = fileURLToPath(new URL('built-app', import.meta.url))
const modules = fileURLToPath(
  new URL('../../apps/editor/dist/modules/embed/quire-editor.js', import.meta.url),
)

test('an application has one Yjs with the element that it builds in', async ({ person }) => {
  const [folder, outDir] = [makeDataFolder(), mkdtempSync(join(tmpdir(), 'quire-app-'))]
  const alias = { 'quire-editor': modules }
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    build: { outDir, target: 'es2023' },
  })
  const port = await freePort()
  const app = `http://127.0.0.1:${port}`
  const site = await preview({
    root,
    configFile: false,
    build: { outDir },
    preview: { port, host: '127.0.0.1' },
  })
  const quire = await runServer({ QUIRE_DATA: folder.path, QUIRE_ORIGINS: app })
  const response = await fetch(`${quire.url}/api/documents`, { method: 'POST' })
  const { links } = (await response.json()) as { readonly links: { readonly edit: string } } // the 201 of the API

  const anna = await person('Anna')
  await anna.goto(`${app}/?link=${encodeURIComponent(links.edit)}`)
  await anna.getByRole('textbox', { name: 'Text' }).click()
  await anna.keyboard.type('From here.')
  await expect(anna.locator('output')).toHaveText('The application reads: From here.')

  await quire.stop()
  await site.close()
  folder.remove()
  rmSync(outDir, { recursive: true })
})
