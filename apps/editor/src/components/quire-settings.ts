/** `<quire-settings>`: the dialog in which a person sets the page up as they like it. Each change takes effect at once. */
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import { follow } from '../controllers/follow.ts'
import {
  choices,
  type ChoiceName,
  type Settings,
  type SettingsStore,
  type SwitchName,
} from '../controllers/settings.ts'
import { controls } from '../look/controls.ts'
import { dialogs } from '../look/dialogs.ts'
import { panels } from '../look/panels.ts'
import { selects } from '../look/selects.ts'
import { bring, t } from '../words/index.ts'
import { settingsEnglish } from '../words/settings-english.ts'
import { cross } from './icons.ts'
import { settingsStyles } from './settings-styles.ts'

bring(settingsEnglish)

/** Proper names stand as they are. */
const names = { quattro: 'Quattro', vscode: 'VS Code', vim: 'Vim', emacs: 'Emacs' } as const

const words = {
  system: 'settings.themeSystem',
  light: 'settings.themeLight',
  dark: 'settings.themeDark',
  serif: 'settings.fontSerif',
  sans: 'settings.fontSans',
  mono: 'settings.fontMono',
  narrow: 'settings.widthNarrow',
  normal: 'settings.widthNormal',
  wide: 'settings.widthWide',
  standard: 'settings.keysStandard',
} as const

function nameOf(value: keyof typeof names | keyof typeof words): string {
  return value in words ? t(words[value as keyof typeof words]) : names[value as keyof typeof names] // one of both
}

export interface Tongue {
  /** BCP 47. */
  readonly tag: string
  /** As those who speak it call it. */
  readonly name: string
}

/** Fires `language-change` with the tag of the language that was chosen as `detail`. */
export class QuireSettings extends LitElement {
  static override properties = {
    settings: { attribute: false },
    tongues: { attribute: false },
    tongue: { attribute: false },
  }
  static override styles = [controls, selects, dialogs, panels, settingsStyles]

  /** To be set before the element is put into the page. */
  declare settings: SettingsStore
  /** The languages that the interface speaks, and the one it speaks now. */
  declare tongues: readonly Tongue[]
  declare tongue: string

  constructor() {
    super()
    this.tongues = []
    this.tongue = ''
    this.addController(follow(this, () => [this.settings]))
  }

  async show(): Promise<void> {
    await this.updateComplete
    this.#dialog?.showModal()
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @click=${this.#closeFromOutside}>
      <div class="page">
        <div class="top">
          <h2 id="heading">${t('settings.heading')}</h2>
          <button
            class="icon close"
            aria-label=${t('settings.close')}
            title=${t('settings.close')}
            @click=${() => this.#dialog?.close()}
          >
            ${cross}
          </button>
          <p>${t('settings.lead')}</p>
        </div>
        ${this.#renderLook()} ${this.#renderWriting()} ${this.#renderReading()}
      </div>
    </dialog>`
  }

  #renderLook(): TemplateResult {
    return html`<section aria-labelledby="look">
      <h3 id="look">${t('settings.look')}</h3>
      ${this.#renderRadios('theme', t('settings.theme'))} ${this.#renderRadios('font', t('settings.font'))}
      ${this.#renderSize()} ${this.#renderRadios('width', t('settings.width'))}
    </section>`
  }

  #renderWriting(): TemplateResult {
    const { keys, indentUnit, lineNumbers } = this.settings.current
    return html`<section aria-labelledby="writing">
      <h3 id="writing">${t('settings.writing')}</h3>
      ${this.#renderSelect({
        label: t('settings.keys'),
        options: choices.keys.map((key) => ({ value: key, words: nameOf(key) })),
        chosen: keys,
        choose: (value) => this.#choose('keys', value),
      })}
      ${this.#renderSelect({
        label: t('settings.indent'),
        options: choices.indentUnit.map((unit) => ({
          value: String(unit),
          words: unit === 'tab' ? t('settings.indentTab') : t('settings.indentSpaces', { count: unit }),
        })),
        chosen: String(indentUnit),
        choose: (value) => this.#choose('indentUnit', value),
      })}
      ${this.#renderSwitch('tabIndents', t('settings.tabIndents'), t('settings.tabIndentsAbout'))}
      ${this.#renderSwitch('wordWrap', t('settings.wordWrap'))}
      ${this.#renderSelect({
        label: t('settings.lineNumbers'),
        options: [
          { value: 'code', words: t('settings.lineNumbersCode') },
          { value: 'true', words: t('settings.lineNumbersAlways') },
          { value: 'false', words: t('settings.lineNumbersNever') },
        ],
        chosen: String(lineNumbers),
        choose: (value) => this.#choose('lineNumbers', value),
      })}
      ${this.#renderSwitch('foldGutter', t('settings.foldGutter'))}
      ${this.#renderSwitch('spellCheck', t('settings.spellCheck'), t('settings.spellCheckAbout'))}
    </section>`
  }

  #renderReading(): TemplateResult {
    return html`<section aria-labelledby="reading">
      <h3 id="reading">${t('settings.reading')}</h3>
      ${this.#renderSwitch('pictures', t('settings.pictures'), t('settings.picturesAbout'))}
      ${
        this.tongues.length < 2
          ? nothing
          : this.#renderSelect({
              label: t('settings.language'),
              about: t('settings.languageAbout'),
              options: this.tongues.map(({ tag, name }) => ({ value: tag, words: name })),
              chosen: this.tongue,
              choose: (detail) => this.dispatchEvent(new CustomEvent('language-change', { detail })),
            })
      }
    </section>`
  }

  /** Choices that are few and short stand beside each other. */
  #renderRadios(name: 'theme' | 'font' | 'width', label: string): TemplateResult {
    const chosen = this.settings.current[name]
    return html`<div class="row" role="radiogroup" aria-label=${label}>
      <span class="label" aria-hidden="true">${label}</span>
      <span class="segments">
        ${choices[name].map(
          (value) =>
            html`<label class=${value}
              ><input
                class="unseen"
                type="radio"
                name=${name}
                value=${value}
                .checked=${live(value === chosen)}
                @change=${() => this.#choose(name, value)}
              /><span>${nameOf(value)}</span></label
            >`,
        )}
      </span>
    </div>`
  }

  #renderSize(): TemplateResult {
    const { fontSize } = this.settings.current
    const sizes = choices.fontSize
    const at = sizes.indexOf(fontSize)
    const step = (by: number): TemplateResult => {
      const name = by < 0 ? t('settings.smaller') : t('settings.larger')
      const next = sizes[at + by]
      return html`<button
        class="step ${by < 0 ? 'smaller' : 'larger'}"
        aria-label=${name}
        title=${name}
        aria-disabled=${next === undefined}
        @click=${() => next && this.#change({ fontSize: next })}
      >
        <span aria-hidden="true">A</span>
      </button>`
    }
    return html`<div class="row" role="group" aria-label=${t('settings.size')}>
      <span class="label" aria-hidden="true">${t('settings.size')}</span>
      <span class="steps">${step(-1)}<output aria-live="polite">${fontSize}</output>${step(1)}</span>
    </div>`
  }

  #renderSelect(select: {
    readonly label: string
    readonly about?: string
    readonly options: readonly { readonly value: string; readonly words: string }[]
    readonly chosen: string
    readonly choose: (value: string) => void
  }): TemplateResult {
    const { label, about, options, chosen, choose } = select
    const chose = ({ target }: Event): void => {
      if (target instanceof HTMLSelectElement) choose(target.value)
    }
    return html`<label class="row">
      <span class="label">${label}${about ? html`<small>${about}</small>` : nothing}</span>
      <select class="field" @change=${chose}>
        ${options.map(
          (option) =>
            html`<option value=${option.value} .selected=${live(option.value === chosen)}>
              ${option.words}
            </option>`,
        )}
      </select>
    </label>`
  }

  #renderSwitch(name: SwitchName, label: string, about?: string): TemplateResult {
    const changed = ({ target }: Event): void => {
      if (target instanceof HTMLInputElement) this.#change({ [name]: target.checked })
    }
    return html`<label class="row">
      <span class="label">${label}${about ? html`<small id=${name}>${about}</small>` : nothing}</span>
      <input
        type="checkbox"
        role="switch"
        aria-label=${label}
        aria-describedby=${about ? name : nothing}
        .checked=${live(this.settings.current[name])}
        @change=${changed}
      />
    </label>`
  }

  #choose(name: ChoiceName, value: string): void {
    const chosen = choices[name].find((choice) => String(choice) === value)
    if (chosen !== undefined) this.#change({ [name]: chosen })
  }

  #change(part: Partial<Settings>): void {
    this.settings.change(part)
  }

  /** The dialog's page covers all of it, so what hits the dialog itself has hit what lies around it. */
  #closeFromOutside(event: MouseEvent): void {
    if (event.target === this.#dialog) this.#dialog?.close()
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }
}

customElements.define('quire-settings', QuireSettings)

declare global {
  interface HTMLElementTagNameMap {
    'quire-settings': QuireSettings
  }
}
