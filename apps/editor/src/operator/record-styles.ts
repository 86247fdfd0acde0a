/** How one document is shown to the operator. */
import { css } from 'lit'

export const recordStyles = css`
  :host {
    display: block;
  }
  .back {
    display: inline-flex;
    align-items: center;
    min-height: 36px;
    border-radius: 2px;
    color: var(--ink-soft);
    font-size: var(--step--1);
    text-decoration: none;
  }
  .back::before {
    content: '←';
    margin-inline-end: 6px;
  }
  .back:dir(rtl)::before {
    content: '→';
  }
  .back:hover {
    color: var(--ink);
    text-decoration: underline;
    text-decoration-color: var(--rubric);
    text-underline-offset: 4px;
  }
  h1 {
    margin: var(--space-2) 0 0;
    font: 700 var(--step-2) / 1.3 var(--prose);
    text-align: -webkit-match-parent;
    text-align: match-parent;
    overflow-wrap: anywhere;
  }
  h1:focus,
  h2:focus {
    outline: none;
  }
  h1.none {
    color: var(--ink-soft);
    font-weight: 400;
  }
  .id {
    margin: 2px 0 0;
    color: var(--ink-soft);
    font: var(--step--1) / 1.6 var(--mono);
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(140px, auto));
    gap: var(--space-3) var(--space-4);
    margin: var(--space-4) 0;
    padding-block: var(--space-3);
    border-block: 1px solid var(--rule);
    font-size: var(--step--1);
  }
  dt {
    color: var(--ink-soft);
    font-size: 0.75rem;
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    min-height: 36px;
    margin-block: var(--space-6) var(--space-2);
  }
  h2 {
    margin: 0;
    margin-inline-end: auto;
    font: 700 var(--step-1) / 1.4 var(--prose);
  }
  ul {
    margin: 0;
    padding: 0;
    border-block-start: 1px solid var(--rule);
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-1) var(--space-3);
    min-height: 52px;
    padding-block: var(--space-2);
    border-block-end: 1px solid var(--rule);
  }
  li b {
    font-weight: 580;
    overflow-wrap: anywhere;
  }
  li small {
    display: block;
    color: var(--ink-soft);
    font-size: 0.75rem;
    overflow-wrap: anywhere;
  }
  p.quiet {
    margin: 0;
    padding-block: 13px;
    border-block: 1px solid var(--rule);
    color: var(--ink-soft);
    font-size: var(--step--1);
  }
  .why {
    margin: var(--space-2) 0;
    color: var(--ink-soft);
  }
  .failure {
    margin: var(--space-4) 0;
    color: var(--rubric);
    font-size: var(--step--1);
  }
  form {
    display: grid;
    grid-template-columns: 2fr 1fr 1fr;
    align-items: end;
    gap: var(--space-3);
    margin-block-end: var(--space-4);
  }
  form label {
    display: grid;
    gap: 4px;
    color: var(--ink-soft);
    font-size: 0.75rem;
  }
  form .acts {
    grid-column: 1 / -1;
  }
  .bare {
    padding-inline: 8px;
    color: var(--ink-soft);
  }
  li .bare {
    margin-inline-end: -8px;
  }
  .made {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    gap: var(--space-2);
    margin-block-end: var(--space-4);
  }
  .made p {
    grid-column: 1 / -1;
    margin: 0;
    color: var(--ink-soft);
    font-size: var(--step--1);
  }
  [aria-disabled='true'] {
    opacity: 0.6;
    cursor: progress;
  }
  @media (max-width: 600px) {
    form {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
    form label:first-child {
      grid-column: 1 / -1;
    }
    .made {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .made input {
      grid-column: 1 / -1;
    }
    .made button:last-child {
      justify-self: start;
    }
    dl {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .back {
      min-height: 44px;
    }
  }
`
