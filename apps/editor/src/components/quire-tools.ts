/**
 * `<quire-tools>`: what stands above a page when it is asked for: the commands, their keys, the settings, a question. Each is
 * fetched with its first use. Listens to the keys of the page's commands, as long as it is in the page.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { isPressed, paletteKeys } from '../controllers/key-names.ts'
import { LazyParts } from '../controllers/lazy-parts.ts'
import type { PageCommand } from '../controllers/page-commands.ts'
import type { Surroundings } from '../controllers/surroundings.ts'
import { t } from '../words/index.ts'
import type { Question } from './quire-question.ts'
import './quire-toast.ts'

export type Tool = 'palette' | 'keys' | 'settings'

export class QuireTools extends LitElement {
  static override properties = {
    surroundings: { attribute: false },
    pageCommands: { attribute: false },
    textCommands: { attribute: false },
  }

  /** To be set before the element is put into the page. */
  declare surroundings: Surroundings
  /** What can be done now on the page, and in its text: those are bound to their keys there. */
  declare pageCommands: readonly PageCommand[]
  declare textCommands: readonly PageCommand[]

  readonly #parts = new LazyParts<Tool | 'question'>(this, {
    palette: () => import('./quire-palette.ts'),
    keys: () => import('./quire-keys.ts'),
    settings: () => import('./quire-settings.ts'),
    question: () => import('./quire-question.ts'),
  })

  constructor() {
    super()
    this.pageCommands = []
    this.textCommands = []
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('keydown', this.#pressed)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('keydown', this.#pressed)
  }

  /** Fetches what is to be there at once when its key is pressed. */
  async prepare(): Promise<void> {
    await this.#parts.fetch('palette')
  }

  async open(tool: Tool): Promise<void> {
    if (await this.#fetch(tool)) await this.renderRoot.querySelector(`quire-${tool}`)?.show()
  }

  /** Resolves with whether that is to be done. */
  async ask(question: Question): Promise<boolean> {
    if (!(await this.#fetch('question'))) return false
    return (await this.renderRoot.querySelector('quire-question')?.ask(question)) ?? false
  }

  override render(): TemplateResult {
    const { surroundings, pageCommands, textCommands } = this
    const { platform, commands, settings, tongues } = surroundings
    const isHere = (tool: Tool | 'question'): boolean => this.#parts.state(tool) === 'yes'
    return html`${
        isHere('palette')
          ? html`<quire-palette
              .commands=${[...pageCommands, ...textCommands]}
              .recent=${commands}
              .platform=${platform}
            ></quire-palette>`
          : nothing
      }
      ${
        isHere('keys')
          ? html`<quire-keys
              .page=${pageCommands}
              .text=${textCommands}
              .platform=${platform}
              .paletteKeys=${paletteKeys(platform)[0]}
            ></quire-keys>`
          : nothing
      }
      ${
        isHere('settings')
          ? html`<quire-settings
              .settings=${settings}
              .tongues=${tongues.all}
              .tongue=${tongues.current}
              @language-change=${({ detail }: CustomEvent<string>) => tongues.choose(detail)}
            ></quire-settings>`
          : nothing
      }
      ${isHere('question') ? html`<quire-question></quire-question>` : nothing} <quire-toast></quire-toast>`
  }

  async #fetch(part: Tool | 'question'): Promise<boolean> {
    const isHere = await this.#parts.fetch(part)
    if (!isHere) this.renderRoot.querySelector('quire-toast')?.say(t('do.failed'))
    return isHere
  }

  /** Of keys that were pressed where nobody wanted them. Above a dialog, nothing else is done than what it says. */
  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.composedPath().some(isOpenDialog)) return
    const { platform } = this.surroundings
    const command = this.pageCommands.find(({ keys }) => keys.some((key) => isPressed(event, key, platform)))
    if (!command) return
    event.preventDefault()
    command.run()
  }
}

function isOpenDialog(target: EventTarget): boolean {
  return target instanceof HTMLDialogElement && target.open
}

customElements.define('quire-tools', QuireTools)

declare global {
  interface HTMLElementTagNameMap {
    'quire-tools': QuireTools
  }
}
