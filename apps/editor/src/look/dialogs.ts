/** A question that stands above the page: its box, its words, its buttons. */
import { css } from 'lit'

export const dialogs = css`
  dialog {
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
  .bare {
    padding-inline: 8px;
    color: var(--ink-soft);
  }
  .ending {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  .apart {
    margin-inline-start: auto;
  }
  .question {
    display: grid;
    gap: var(--space-3);
  }
  @media (max-width: 600px) {
    .page {
      padding: var(--space-4);
    }
  }
  /* Where there are no shadows. */
  @media (forced-colors: active) {
    dialog {
      border: 1px solid;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    dialog {
      translate: none;
      transition: none;
    }
  }
`
