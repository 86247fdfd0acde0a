/** The page around pages without a text: one narrow column that begins below the top. */
import { css } from 'lit'

export const frontPage = css`
  :host {
    display: block;
  }
  main {
    max-width: 640px;
    margin: 0 auto;
    padding: 14vh var(--space-5) var(--space-7);
  }
`
