import type { Neighbour } from '../gallery-index.js';

type Ask = (probes: Float32Array, k: number) => Promise<Neighbour[][]>;

interface Search {
  probes: Float32Array;
  k: number;
  resolve: (neighbours: Neighbour[][]) => void;
  reject: (error: unknown) => void;
}

/**
 * Puts searches together that are asked for in one turn of the event loop, or while another one is under way: sixteen
 * probes cost an index little more than one, and the frames of a batch are asked about at once.
 *
 * @param length numbers of a probe
 * @param ask carries out one search; called again only when it has answered
 */
export function gatherSearches(length: number, ask: Ask): { search: Ask; idle(): Promise<void> } {
  let waiting: Search[] = [];
  let working: Promise<void> | null = null;

  const together = async (some: readonly Search[], k: number): Promise<void> => {
    const probes = new Float32Array(some.reduce((sum, search) => sum + search.probes.length, 0));
    let at = 0;
    for (const search of some) {
      probes.set(search.probes, at);
      at += search.probes.length;
    }
    try {
      const found = await ask(probes, k);
      let from = 0;
      for (const search of some) {
        const to = from + search.probes.length / length;
        search.resolve(found.slice(from, to));
        from = to;
      }
    } catch (error) {
      for (const search of some) search.reject(error);
    }
  };
  const work = async (): Promise<void> => {
    await Promise.resolve();
    while (waiting.length > 0) {
      const { k } = waiting[0];
      const some = waiting.filter((search) => search.k === k);
      waiting = waiting.filter((search) => search.k !== k);
      await together(some, k);
    }
    working = null;
  };
  return {
    search: (probes, k) =>
      new Promise((resolve, reject) => {
        waiting.push({ probes, k, resolve, reject });
        working ??= work();
      }),
    async idle() {
      await working;
    },
  };
}
