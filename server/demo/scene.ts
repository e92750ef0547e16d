import type { BackdropName } from './backdrop.js';

/** One person's way through a scene. */
export interface Appearance {
  /** Id of a demo person or stranger. */
  person: string;
  /** When they come into view, seconds after the loop's start. */
  at: number;
  /** From a side of the picture, or through the door at the back. */
  from: 'left' | 'right' | 'door';
  /** Seconds on the way in, standing before the camera, and on the way out. */
  walkIn: number;
  stay: number;
  walkOut: number;
  leave: 'left' | 'right';
  /** Where they stand, share of the picture's width, and how tall the face is there, pixels. */
  x: number;
  size: number;
}

/** What one demo camera sees, over and over. */
export interface DemoScene {
  /** As a camera's configuration names it. */
  id: string;
  title: string;
  /** Length of the loop, seconds. */
  seconds: number;
  backdrop: BackdropName;
  appearances: readonly Appearance[];
}

/**
 * The demo's cameras. Lengths differ, so that the cameras drift out of phase; whoever has left stays away for
 * more than six seconds, so that a visit has ended before the next begins.
 */
export const demoScenes: readonly DemoScene[] = [
  {
    id: 'entrance',
    title: 'Entrance',
    seconds: 40,
    backdrop: 'entrance',
    appearances: [
      {
        person: 'skuli',
        at: 0.2,
        from: 'left',
        walkIn: 2,
        stay: 6.5,
        walkOut: 2.2,
        leave: 'right',
        x: 0.46,
        size: 158,
      },
      {
        person: 'ada',
        at: 13,
        from: 'door',
        walkIn: 3.4,
        stay: 6.6,
        walkOut: 2,
        leave: 'left',
        x: 0.33,
        size: 146,
      },
      {
        person: 'bo',
        at: 13.4,
        from: 'right',
        walkIn: 2.2,
        stay: 6.2,
        walkOut: 2,
        leave: 'right',
        x: 0.68,
        size: 150,
      },
      {
        person: 'mei',
        at: 28,
        from: 'right',
        walkIn: 2.2,
        stay: 6,
        walkOut: 2,
        leave: 'left',
        x: 0.55,
        size: 140,
      },
    ],
  },
  {
    id: 'lobby',
    title: 'Lobby',
    seconds: 43,
    backdrop: 'lobby',
    appearances: [
      {
        person: 'omar',
        at: 2.5,
        from: 'right',
        walkIn: 2.2,
        stay: 5.6,
        walkOut: 2,
        leave: 'left',
        x: 0.55,
        size: 150,
      },
      {
        person: 'freya',
        at: 12.5,
        from: 'door',
        walkIn: 3.6,
        stay: 5.4,
        walkOut: 2,
        leave: 'right',
        x: 0.44,
        size: 142,
      },
      {
        person: 'noor',
        at: 23,
        from: 'left',
        walkIn: 2.2,
        stay: 5.6,
        walkOut: 2,
        leave: 'right',
        x: 0.6,
        size: 150,
      },
      {
        person: 'kofi',
        at: 31.5,
        from: 'door',
        walkIn: 3.4,
        stay: 5,
        walkOut: 2,
        leave: 'left',
        x: 0.38,
        size: 156,
      },
    ],
  },
  {
    id: 'side-door',
    title: 'Side door',
    seconds: 37,
    backdrop: 'side-door',
    appearances: [
      {
        person: 'stranger-1',
        at: 4,
        from: 'left',
        walkIn: 2.2,
        stay: 6,
        walkOut: 2,
        leave: 'left',
        x: 0.44,
        size: 152,
      },
      {
        person: 'greta',
        at: 14.5,
        from: 'door',
        walkIn: 3.6,
        stay: 5.4,
        walkOut: 2,
        leave: 'right',
        x: 0.56,
        size: 144,
      },
      {
        person: 'luca',
        at: 25,
        from: 'right',
        walkIn: 2.2,
        stay: 5.6,
        walkOut: 2,
        leave: 'right',
        x: 0.68,
        size: 148,
      },
      {
        person: 'stranger-2',
        at: 25.8,
        from: 'left',
        walkIn: 2.2,
        stay: 5.2,
        walkOut: 2,
        leave: 'left',
        x: 0.32,
        size: 142,
      },
    ],
  },
];
