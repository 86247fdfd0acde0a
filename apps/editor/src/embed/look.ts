/**
 * How the element looks by itself: Quire's tokens on the element instead of the page, each of which the page may
 * set by a property of its own (`--quire-ink` and so on).
 */
import { css, unsafeCSS } from 'lit'
import tokens from '../look/tokens.css?inline'

/** What a page may set, and what it is called here. */
export const tokensOfPage = [
  'paper',
  'leaf',
  'ink',
  'ink-soft',
  'ink-faint',
  'rule',
  'rubric',
  'rubric-wash',
  'sans',
  'prose',
  'mono',
  'measure',
  'radius',
] as const

export const look = [
  unsafeCSS(onElement(tokens)),
  css`
    :host {
      display: flex;
      flex-direction: column;
      position: relative;
      box-sizing: border-box;
      height: 24rem;
      overflow: clip;
      border: 1px solid var(--rule);
      border-radius: var(--radius);
      background: var(--paper);
      color: var(--ink);
      font: var(--step-0) / 1.5 var(--sans);
      /* What a page says of its own words, these would inherit; of a text field browsers themselves say so. */
      letter-spacing: normal;
      text-align: start;
      text-indent: 0;
      text-shadow: none;
      text-transform: none;
      word-spacing: normal;
      contain: layout style;
    }
    :host([hidden]) {
      display: none;
    }
    :host([theme='light']) {
      color-scheme: light;
    }
    :host([theme='dark']) {
      color-scheme: dark;
    }
    quire-text,
    quire-sheet {
      flex: 1;
      min-height: 0;
    }
    .words {
      margin: 0;
      padding: var(--space-5);
      color: var(--ink-soft);
    }
  `,
]

/** On `:host`, with the page's word before ours; whether it is light or dark is said by the page as well. */
function onElement(sheet: string): string {
  return sheet
    .replaceAll(':root', ':host')
    .replace(/color-scheme:[^;]*;/u, '')
    .replaceAll(/--([\w-]+):\s*([^;]+);/gu, (whole, name: string, value: string) =>
      tokensOfPage.some((known) => known === name) ? `--${name}: var(--quire-${name}, ${value});` : whole,
    )
}
