/** What longer dialogs share: a heading with a cross beside it, sections, and a page that scrolls. */
import { css } from 'lit'

export const panels = css`
  dialog .page {
    max-height: inherit;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .top {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
  }
  .top p {
    grid-column: 1 / -1;
  }
  .close {
    margin-block: -8px;
    margin-inline-end: -10px;
  }
  h3 {
    margin: var(--space-5) 0 var(--space-1);
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-weight: 600;
    letter-spacing: 0.02em;
  }
  @media (max-width: 600px) {
    .close {
      margin-block: -12px;
      margin-inline-end: -12px;
    }
  }
`
