/** Light or dark as the person chose, on the page and on what the browser draws around it. */
import type { Settings, SettingsStore } from '../controllers/settings.ts'

/** The paper of each theme; `index.html` says them for those who chose none. */
const papers = { light: '#fcfaf7', dark: '#15120f' } as const

export function wearTheme(settings: SettingsStore): void {
  const wear = (): void => put(settings.current.theme)
  wear()
  settings.subscribe(wear)
}

function put(theme: Settings['theme']): void {
  document.documentElement.style.colorScheme = theme === 'system' ? '' : theme
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]'))
    meta.content = papers[theme === 'system' ? (meta.media.includes('dark') ? 'dark' : 'light') : theme]
}
