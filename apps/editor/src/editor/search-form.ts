/**
 * The form in the panel for search and replace, in place of CodeMirror's own: beside the field it says how much was found
 * and which of it is selected, how much has been replaced, and what is wrong with a pattern.
 */
import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  replaceAll,
  replaceNext,
  SearchQuery,
  selectMatches,
  setSearchQuery,
} from '@codemirror/search'
import { StateEffect } from '@codemirror/state'
import { EditorView, runScopeHandlers, type Panel, type ViewUpdate } from '@codemirror/view'
import { commandsEnglish } from '../words/commands-english.ts'
import { bring, t } from '../words/index.ts'
import { isCostlyWithin, mostMatches, numberOf, patternOf, type Outcome } from './found-matches.ts'
import { Tally } from './match-tally.ts'

bring(commandsEnglish)

const nothing = new SearchQuery({ search: '' })

/** Shows what is for replacing where there is little room, and it stands there only if it was asked for. */
export const askToReplace = StateEffect.define()

export class SearchForm implements Panel {
  readonly dom: HTMLElement
  readonly top = true

  readonly #view: EditorView
  readonly #tally: Tally
  readonly #find = field('search', t('search.find'))
  readonly #replace = field('replace', t('search.replaceField'))
  readonly #matchCase = choice('case')
  readonly #pattern = choice('re')
  readonly #wholeWords = choice('word')
  readonly #said = element('span', { className: 'cm-searchSaid', id: 'search-said' })
  readonly #replacing: HTMLElement
  readonly #replaceSwitch: HTMLButtonElement

  #wanted: SearchQuery
  /** What CodeMirror looks for: what is wanted, or nothing if that is costly. */
  #given: SearchQuery
  #outcome: Outcome | undefined
  /** What came of something they have done, until they go on. */
  #aside: string | undefined
  /** Whoever hears the page is still to be told what comes of what they have typed. */
  #isNews = true

  constructor(view: EditorView) {
    this.#view = view
    this.#wanted = getSearchQuery(view.state)
    this.#given = this.#wanted
    this.#find.setAttribute('main-field', '')
    this.#find.setAttribute('aria-describedby', this.#said.id)
    this.#find.enterKeyHint = 'search'
    this.#replacing = group(
      group(this.#replace),
      group(
        button('replace', t('search.replace'), () => replaceNext(view)),
        button('replaceAll', t('search.replaceAll'), () => replaceAll(view)),
      ),
    )
    this.#replacing.classList.add('cm-replacing')
    this.#replaceSwitch = button('replacing', '', () => {
      this.#turnReplacing(!this.#isReplacing)
      if (this.#isReplacing) this.#replace.focus()
    })
    this.#replaceSwitch.ariaLabel = t('command.findAndReplace')
    this.#replaceSwitch.title = t('command.findAndReplace')
    const close = button('close', '×', () => closeSearchPanel(view))
    close.ariaLabel = t('search.close')
    this.dom = element(
      'div',
      {
        className: 'cm-search',
        oninput: () => this.#formChanged(),
        onkeydown: (event: KeyboardEvent) => this.#keyPressed(event),
      },
      group(
        group(this.#find, this.#said),
        group(
          button('next', t('search.next'), () => findNext(view)),
          button('prev', t('search.previous'), () => findPrevious(view)),
          button('select', t('search.all'), () => this.#selectAll()),
          this.#replaceSwitch,
        ),
        group(
          element('label', {}, this.#matchCase, t('search.matchCase')),
          element('label', {}, this.#pattern, t('search.pattern')),
          element('label', {}, this.#wholeWords, t('search.wholeWords')),
        ),
      ),
      this.#replacing,
      close,
    )
    this.#turnReplacing(false)
    this.#letReplace(!view.state.readOnly)
    this.#fill()
    this.#tally = new Tally(
      () => view.state,
      (outcome) => this.#came(outcome),
    )
    this.#tally.begin(this.#wanted)
  }

  mount(): void {
    this.#find.select()
  }

  update({ transactions, state, docChanged, selectionSet }: ViewUpdate): void {
    this.#letReplace(!state.readOnly)
    if (docChanged) this.#tally.textChanged()
    if (selectionSet) this.#aside = undefined
    for (const transaction of transactions)
      for (const effect of transaction.effects) {
        if (effect.is(setSearchQuery) && !effect.value.eq(this.#given)) {
          this.#given = effect.value
          this.#want(effect.value)
          this.#fill()
        }
        if (effect.is(askToReplace)) this.#turnReplacing(true)
        // It is told to whoever hears the page, as a sentence; others read it here.
        if (effect.is(EditorView.announce) && transaction.isUserEvent('input.replace.all'))
          this.#aside = effect.value.replace(/\.$/u, '')
      }
    this.#say()
  }

  destroy(): void {
    this.#tally.close()
  }

  get #isReplacing(): boolean {
    return this.#replaceSwitch.ariaExpanded === 'true'
  }

  #turnReplacing(isOn: boolean): void {
    this.#replaceSwitch.ariaExpanded = String(isOn)
    this.dom.classList.toggle('cm-replaces', isOn)
  }

  #letReplace(may: boolean): void {
    this.#replacing.hidden = !may
    this.#replaceSwitch.hidden = !may
  }

  #formChanged(): void {
    this.#want(
      new SearchQuery({
        search: this.#find.value,
        replace: this.#replace.value,
        caseSensitive: this.#matchCase.checked,
        regexp: this.#pattern.checked,
        wholeWord: this.#wholeWords.checked,
      }),
    )
    this.#give(this.#isCostlyInView(this.#wanted) ? nothing : this.#wanted)
  }

  #want(query: SearchQuery): void {
    const isSame = (['search', 'caseSensitive', 'regexp', 'wholeWord'] as const).every(
      (part) => query[part] === this.#wanted[part],
    )
    this.#wanted = query
    if (isSame) return
    this.#isNews = true
    this.#aside = undefined
    this.#tally.begin(query)
  }

  #give(query: SearchQuery): void {
    if (query.eq(this.#given)) return
    this.#given = query
    this.#view.dispatch({ effects: setSearchQuery.of(query) })
  }

  /** What is in view is marked at once, and nothing can stop a page that has begun to. */
  #isCostlyInView(query: SearchQuery): boolean {
    if (!query.regexp || !query.valid) return false
    const pattern = patternOf(query)
    const { state, visibleRanges } = this.#view
    return visibleRanges.some(({ from, to }) => isCostlyWithin(state.doc, pattern, from, to))
  }

  #came(outcome: Outcome): void {
    this.#outcome = outcome
    this.#give(outcome === 'costly' ? nothing : this.#wanted)
    this.#say()
    if (this.#isNews) this.#tell()
    this.#isNews = false
  }

  #say(): void {
    const outcome = this.#outcome
    this.#find.ariaInvalid = typeof outcome === 'string' ? 'true' : null
    // What is not known yet of a text that has changed comes in a moment.
    const isKnown = typeof outcome !== 'object' || outcome.doc === this.#view.state.doc
    if (this.#aside !== undefined || isKnown) this.#said.textContent = this.#aside ?? this.#sentence()
  }

  #tell(): void {
    const words = this.#sentence()
    if (words !== '') this.#view.dispatch({ effects: EditorView.announce.of(words) })
  }

  #sentence(): string {
    const outcome = this.#outcome
    if (outcome === undefined || this.#wanted.search === '') return ''
    if (outcome === 'broken') return t('search.broken')
    if (outcome === 'costly') return t('search.costly')
    const count = outcome.matches.length
    if (count === 0) return t('search.nothing')
    const { ranges, main } = this.#view.state.selection
    const place = ranges.length === 1 ? numberOf(outcome, main) : 0
    if (place > 0) return t(outcome.hasMore ? 'search.placeOfMore' : 'search.place', { place, number: count })
    return t(outcome.hasMore ? 'search.foundMore' : 'search.found', { number: count })
  }

  #selectAll(): void {
    if (selectMatches(this.#view)) return this.#view.focus()
    if (typeof this.#outcome !== 'object' || !this.#outcome.hasMore) return
    this.#aside = t('search.tooMany', { number: mostMatches })
    this.#view.dispatch({ effects: EditorView.announce.of(this.#aside) })
  }

  /** What the form says is what CodeMirror has been given. */
  #fill(): void {
    const { search, replace, caseSensitive, regexp, wholeWord } = this.#wanted
    this.#find.value = search
    this.#replace.value = replace
    this.#matchCase.checked = caseSensitive
    this.#pattern.checked = regexp
    this.#wholeWords.checked = wholeWord
  }

  #keyPressed(event: KeyboardEvent): void {
    const isEnter = event.key === 'Enter' && !event.isComposing
    if (!runScopeHandlers(this.#view, event, 'search-panel')) {
      if (isEnter && event.target === this.#find) (event.shiftKey ? findPrevious : findNext)(this.#view)
      else if (isEnter && event.target === this.#replace) replaceNext(this.#view)
      else return
    }
    event.preventDefault()
  }
}

/** What stands together, in a row if there is room. */
function group(...children: readonly Node[]): HTMLElement {
  return element('div', { className: 'cm-searchGroup' }, ...children)
}

function field(name: string, words: string): HTMLInputElement {
  const input = element('input', { name, className: 'cm-textfield', placeholder: words, ariaLabel: words })
  return Object.assign(input, { autocomplete: 'off', autocapitalize: 'off', spellcheck: false })
}

function choice(name: string): HTMLInputElement {
  return element('input', { type: 'checkbox', name })
}

function button(name: string, words: string, onclick: () => void): HTMLButtonElement {
  return element('button', { type: 'button', className: 'cm-button', name, onclick }, words)
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}
