import { css } from 'lit';

export const visitCardStyles = css`
  article {
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    column-gap: var(--gap-m);
    padding: var(--gap-m) var(--gap-l);
    border-top: 1px solid var(--line);
  }

  article.unknown {
    background: var(--unknown-tint);
    box-shadow: inset 4px 0 0 var(--unknown-line);
  }

  gh-snapshot {
    width: 4rem;
    height: 4rem;
  }

  .unknown gh-snapshot {
    outline: 2px dashed var(--unknown-line);
    outline-offset: 1px;
  }

  @media (max-width: 30rem) {
    article {
      padding-inline: var(--gap-m);
    }

    gh-snapshot {
      width: 3.5rem;
      height: 3.5rem;
    }
  }

  .what {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: center;
    gap: 0.15rem;
    min-width: 0;
  }

  .first {
    display: flex;
    align-items: center;
    gap: 0.35rem;
  }

  h3 {
    flex: 1;
    overflow: hidden;
    font-size: var(--size-m);
    font-weight: 650;
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .sign {
    color: var(--pending);
  }

  .recognised .sign {
    color: var(--good);
  }

  .unknown .sign,
  .unknown h3 {
    color: var(--unknown);
  }

  time {
    color: var(--text-soft);
    font-size: var(--size-s);
  }

  .second,
  .third {
    display: flex;
    align-items: center;
    justify-content: space-between;
    flex-wrap: wrap;
    gap: 0 0.6rem;
    color: var(--text-soft);
    font-size: var(--size-s);
  }

  .third {
    flex-wrap: nowrap;
    justify-content: flex-start;
    font-size: var(--size-xs);
  }

  .aside {
    flex: 1;
    overflow: hidden;
    text-align: right;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .camera {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .doubt {
    color: var(--unknown);
    font-weight: 600;
  }

  .now {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
    color: var(--good);
    font-weight: 600;
  }

  .pulse {
    width: 0.5rem;
    height: 0.5rem;
    border-radius: 50%;
    background: currentcolor;
    animation: breathe 2.4s ease-in-out infinite;
  }

  @keyframes breathe {
    50% {
      opacity: 0.35;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .pulse {
      animation: none;
    }
  }

  details {
    color: var(--text-soft);
    font-size: var(--size-xs);
  }

  summary {
    position: relative;
    min-height: 1.5rem;
    border-radius: var(--radius-s);
    cursor: pointer;
    list-style: none;
  }

  summary:hover {
    color: var(--text);
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary gh-icon {
    width: 1em;
    height: 1em;
    transition: transform var(--swift);
  }

  details[open] summary gh-icon {
    transform: rotate(180deg);
  }

  details ol {
    display: grid;
    gap: 0.2rem;
    padding: 0.25rem 0;
  }

  details li {
    display: flex;
    justify-content: space-between;
    gap: var(--gap-s);
  }
`;
