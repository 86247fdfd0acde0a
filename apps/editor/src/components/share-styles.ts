/** How the share dialog looks. */
import { css } from 'lit'

export const shareStyles = css`
  :host {
    display: block;
  }
  /* Slim enough for the bar; a thumb may still miss it by a little. */
  .share {
    position: relative;
    min-height: 36px;
  }
  .share::after {
    position: absolute;
    inset: -6px 0;
    content: '';
  }
  dialog {
    width: 480px;
    max-width: calc(100vw - 2 * var(--space-3));
    padding: 0;
    border: 0;
    border-radius: 14px;
    background: var(--leaf);
    color: var(--ink);
    box-shadow:
      var(--lift),
      0 0 0 1px var(--rule);
    opacity: 0;
    translate: 0 8px;
    transition:
      opacity 160ms ease-out,
      translate 160ms ease-out,
      display 160ms allow-discrete,
      overlay 160ms allow-discrete;
  }
  dialog[open] {
    opacity: 1;
    translate: 0 0;
  }
  @starting-style {
    dialog[open] {
      opacity: 0;
      translate: 0 8px;
    }
  }
  dialog::backdrop {
    background: oklch(0.2 0.01 70 / 0.32);
  }
  .page {
    padding: var(--space-5);
  }
  h2 {
    margin: 0 0 2px;
    font-size: var(--step-1);
    overflow-wrap: anywhere;
  }
  p {
    margin: 0;
    color: var(--ink-soft);
    font-size: var(--step--1);
    text-wrap: pretty;
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
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-2) var(--space-3);
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
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  li .acts {
    display: flex;
    gap: var(--space-1);
  }
  .bare {
    padding-inline: 8px;
    color: var(--ink-soft);
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
    font-size: 12px;
  }
  form .wide {
    grid-column: 1 / -1;
  }
  li form {
    grid-column: 1 / -1;
    padding-block: var(--space-2);
  }
  form .acts,
  .ending {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  .apart {
    margin-left: auto;
  }
  .choices {
    display: grid;
    gap: var(--space-3);
    margin-bottom: var(--space-4);
  }
  .choices > div {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-2) var(--space-3);
  }
  .question {
    display: grid;
    gap: var(--space-3);
  }
  @media (max-width: 600px) {
    .page {
      padding: var(--space-4);
    }
    form .apart {
      margin-left: -8px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    dialog {
      translate: none;
      transition: none;
    }
  }
`
