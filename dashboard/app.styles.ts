import { css } from 'lit';

export const appStyles = css`
  :host {
    --bar: 3.75rem;
  }

  .skip {
    position: fixed;
    z-index: 10;
    top: -4rem;
    left: var(--gap-l);
    padding: var(--gap-s) var(--gap-l);
    border-radius: var(--radius-m);
    background: var(--accent-solid);
    color: var(--on-accent);
  }

  .skip:focus {
    top: var(--gap-s);
  }

  .frame {
    display: flex;
    flex-direction: column;
    height: 100dvh;
  }

  main {
    flex: 1;
    min-height: 0;
    padding: var(--gap-l) var(--gap-xl) var(--gap-xl);
    overflow-y: auto;
    scrollbar-width: thin;
  }

  main:focus-visible {
    outline-offset: -2px;
  }

  main.people,
  main.cameras {
    width: 100%;
    max-width: 90rem;
    margin-inline: auto;
  }

  main.desk {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(22rem, 26rem);
    gap: var(--gap-l);
    overflow: hidden;
    padding-block: 0;
  }

  .glance {
    display: grid;
    gap: var(--gap-l);
    align-content: start;
    min-height: 0;
    margin-inline: calc(-1 * var(--gap-xs));
    padding: var(--gap-l) var(--gap-xs) var(--gap-xl);
    overflow-y: auto;
    scrollbar-width: thin;
  }

  gh-visit-feed {
    margin-block: var(--gap-l) var(--gap-xl);
  }

  .bottom {
    display: none;
  }

  gh-caption {
    position: fixed;
    z-index: 5;
    inset: auto var(--gap-l) var(--gap-xl);
    pointer-events: none;
  }

  @media (max-width: 64rem) {
    main.desk {
      display: block;
      overflow-y: auto;
    }

    .glance {
      overflow: visible;
    }

    gh-visit-feed {
      margin-top: 0;
    }
  }

  @media (max-width: 48rem) {
    :host {
      --bar: 3.25rem;
    }

    main {
      padding-inline: var(--gap-m);
    }

    .glance {
      gap: var(--gap-m);
      padding-block: var(--gap-m);
    }

    .top {
      display: none;
    }

    .bottom {
      display: block;
      border-top: 1px solid var(--line);
      background: var(--surface);
      padding-bottom: env(safe-area-inset-bottom);
    }

    gh-caption {
      inset: auto var(--gap-m) 4.25rem;
    }
  }
`;
