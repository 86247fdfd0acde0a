/** `<quire-qr>`: a text as a QR code, for a camera: dark on white in every theme, with the margin that readers want. */
import { css, html, LitElement, svg, type TemplateResult } from 'lit'
import { encode } from 'uqr'
import { bring, t } from '../words/index.ts'
import { shareEnglish } from '../words/share-english.ts'

bring(shareEnglish)

/** In squares. */
const margin = 4

export class QuireQr extends LitElement {
  static override properties = { text: {} }
  static override styles = css`
    :host {
      display: block;
    }
    svg {
      display: block;
      width: 100%;
      height: auto;
      border-radius: 4px;
      background: #fff;
      forced-color-adjust: none;
    }
  `

  declare text: string

  constructor() {
    super()
    this.text = ''
  }

  override render(): TemplateResult {
    const { data, size } = encode(this.text, { ecc: 'M', border: margin })
    const squares = data.flatMap((row, y) =>
      row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
    )
    return html`<svg
      viewBox="0 0 ${size} ${size}"
      role="img"
      aria-label=${t('qr.alt')}
      shape-rendering="crispEdges"
    >
      ${svg`<path fill="#000" d=${squares.join('')} />`}
    </svg>`
  }
}

customElements.define('quire-qr', QuireQr)

declare global {
  interface HTMLElementTagNameMap {
    'quire-qr': QuireQr
  }
}
