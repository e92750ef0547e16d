import { css } from 'lit';

/** What every element starts from: box sizes, the focus ring, buttons, and text for screen readers only. */
export const shared = css`
  :host {
    display: block;
    min-width: 0;
  }

  :host([hidden]) {
    display: none;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  p,
  ol,
  ul,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }

  ol,
  ul {
    list-style: none;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--gap-s);
    min-height: var(--touch);
    min-width: var(--touch);
    padding: 0 var(--gap-m);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
    background: var(--surface);
    color: var(--text);
    font: 500 var(--size-s) / 1.2 var(--font);
    cursor: pointer;
    transition:
      background var(--swift),
      border-color var(--swift);
  }

  button:hover {
    background: var(--surface-hover);
  }

  button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--text-soft);
  }

  button.quiet:hover {
    background: var(--surface-hover);
    color: var(--text);
  }

  button.icon {
    padding: 0;
  }

  button.primary {
    border-color: transparent;
    background: var(--accent-solid);
    color: var(--on-accent);
  }

  button:disabled {
    opacity: 0.6;
    cursor: default;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** A card with a heading: the wall, the feed and every list sit on one. */
export const panel = css`
  .panel {
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .heading {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: var(--gap-s);
    font-size: var(--size-m);
    font-weight: 650;
    letter-spacing: -0.005em;
  }

  .count {
    padding: 0.05rem 0.45rem;
    border-radius: 1rem;
    background: var(--pending-tint);
    color: var(--pending);
    font-size: var(--size-xs);
    font-weight: 600;
  }
`;

/** Pills that say a state by colour, by a sign and in words. */
export const pill = css`
  .pill {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
    padding: 0.15rem 0.5rem;
    border-radius: 1rem;
    background: var(--pending-tint);
    color: var(--pending);
    font-size: var(--size-xs);
    font-weight: 600;
    white-space: nowrap;
  }

  .pill.good {
    background: var(--good-tint);
    color: var(--good);
  }

  .pill.unknown {
    background: var(--unknown-tint);
    color: var(--unknown);
  }

  .pill.bad {
    background: var(--bad-tint);
    color: var(--bad);
  }
`;
