import { css } from 'lit';

export const tileStyles = css`
  .tile {
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
    box-shadow: var(--shadow);
  }

  .stage {
    position: relative;
    aspect-ratio: 16 / 9;
    overflow: hidden;
    background: var(--picture);
  }

  /* Below the canvas, which its pictures are drawn onto together with their faces. */
  video {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }

  canvas {
    position: relative;
    display: block;
    width: 100%;
    height: 100%;
    transition: filter var(--calm);
  }

  /* Both: the blurred edge of the canvas lets the video below shine through. */
  .covered canvas,
  .covered video {
    filter: grayscale(1) brightness(0.4) blur(5px);
  }

  .whole {
    position: absolute;
    inset: 0;
    border: 0;
    border-radius: 0;
    background: transparent;
    cursor: zoom-in;
  }

  :host([enlarged]) .whole {
    cursor: zoom-out;
  }

  .whole:hover {
    background: transparent;
  }

  .whole:focus-visible {
    outline-offset: -4px;
    outline-width: 3px;
    outline-color: var(--on-picture);
    box-shadow: inset 0 0 0 5px var(--accent-solid);
  }

  .name {
    position: absolute;
    inset: 0.6rem auto auto 0.6rem;
    display: flex;
    align-items: center;
    gap: 0.45rem;
    max-width: calc(100% - 1.2rem);
    padding: 0.2rem 0.6rem 0.2rem 0.5rem;
    border-radius: 1rem;
    background: var(--scrim);
    color: var(--on-picture);
    pointer-events: none;
  }

  h3 {
    overflow: hidden;
    font-size: var(--size-s);
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .dot {
    flex: none;
    width: 0.5rem;
    height: 0.5rem;
    border-radius: 50%;
    background: #ffb45c;
  }

  .dot.live {
    background: #4fe3a1;
  }

  .covered .dot.live {
    background: #9eabbd;
  }

  .dot.refused {
    background: #ff8a80;
  }

  .dot.stopped {
    background: #9eabbd;
  }

  .cover {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    padding: 2.5rem 1rem 1rem;
    color: var(--on-picture);
    text-align: center;
    pointer-events: none;
  }

  .cover gh-icon {
    width: 1.75rem;
    height: 1.75rem;
    color: var(--on-picture-soft);
  }

  .cover strong {
    display: block;
    font-size: var(--size-m);
    font-weight: 650;
  }

  .cover span {
    display: block;
    max-width: 26rem;
    color: var(--on-picture-soft);
    font-size: var(--size-s);
  }

  footer {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--gap-s);
    min-height: calc(var(--touch) + 2px);
    padding: 0 0.35rem 0 0.8rem;
  }

  .figures {
    display: flex;
    flex-wrap: wrap;
    column-gap: 0.9rem;
    color: var(--text-soft);
    font-size: var(--size-xs);
  }

  .figures b {
    color: var(--text);
    font-weight: 600;
  }

  .figures.state {
    font-weight: 600;
  }

  .latency b + b {
    margin-left: 0.3rem;
  }

  .acts {
    display: flex;
    align-items: center;
    flex: none;
  }

  .muted {
    color: var(--bad);
  }

  .hint {
    width: 1.1rem;
    height: 1.1rem;
    margin: 0 0.45rem;
    color: var(--text-soft);
  }
`;
