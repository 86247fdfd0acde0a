/** How the share dialog looks. */
import { css } from 'lit'

export const shareStyles = css`
  :host {
    display: block;
  }
  dialog {
    width: 480px;
    scroll-padding-block: var(--space-4);
  }
  h2:focus-visible {
    outline: none;
  }
  ul {
    min-height: 121px;
    margin: var(--space-4) 0;
    padding: 0;
    border-top: 1px solid var(--rule);
    list-style: none;
  }
  ul.single {
    min-height: 0;
  }
  ul.single li {
    grid-template-columns: minmax(0, 1fr) auto;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) repeat(2, auto);
    align-items: center;
    gap: var(--space-2) var(--space-1);
    min-height: 60px;
    padding: var(--space-2) 0;
    border-bottom: 1px solid var(--rule);
  }
  li b {
    font-weight: 580;
  }
  li small {
    display: block;
    color: var(--ink-soft);
    font-size: 0.75rem;
    overflow-wrap: anywhere;
  }
  li .acts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
  }
  li > .acts {
    margin-inline-start: var(--space-2);
  }
  li p {
    grid-column: 1 / -1;
  }
  .wide {
    grid-column: 1 / -1;
  }
  form {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: var(--space-3);
    margin: 0;
  }
  form label {
    display: grid;
    gap: 4px;
    color: var(--ink-soft);
    font-size: 0.75rem;
  }
  form .wide {
    grid-column: 1 / -1;
  }
  li form {
    grid-column: 1 / -1;
    padding-block: var(--space-2);
  }
  form .acts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  li .icon {
    min-height: 36px;
  }
  .icon[aria-expanded='true'] {
    background: var(--rule);
    color: var(--ink);
  }
  quire-qr {
    width: min(240px, 100%);
    margin: var(--space-1) auto var(--space-2);
  }
  .choices {
    display: grid;
    gap: var(--space-3);
  }
  .choice {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-2) var(--space-3);
  }
  .choices .ending {
    margin-top: var(--space-1);
  }
  /* Beside all that can be done with a link, less than a column of words would be left for what it is. */
  @media (max-width: 30em), (hover: none) and (pointer: coarse) {
    ul:not(.single) {
      min-height: 234px;
    }
    li,
    ul.single li {
      grid-template-columns: minmax(0, 1fr) auto;
      padding-block: var(--space-3);
    }
    li > .acts {
      grid-row: 2;
      grid-column: 1 / -1;
      margin: 0;
    }
    li > .bare {
      margin-block: -4px;
      margin-inline-end: -8px;
    }
  }
  @media (max-width: 30em) {
    form,
    .choice {
      grid-template-columns: minmax(0, 1fr);
    }
    .choice {
      justify-items: start;
    }
  }
  @media (max-width: 22em) {
    li > .acts > .outlined {
      padding-inline: 8px;
    }
  }
  @media (max-width: 15em) {
    li,
    ul.single li {
      grid-template-columns: minmax(0, 1fr);
    }
    li > .bare {
      justify-self: start;
      margin-inline: -8px;
    }
  }
  @media (max-width: 600px) {
    form .apart {
      margin-inline-start: -8px;
    }
  }
`
