/** Somebody as far as calibration is concerned; what identities/person.ts has fits. */
export interface GalleryPerson {
  id: string;
  name: string;
  samples: readonly { photo: string; embedding: Float32Array }[];
}

/** An embedding that is compared with everybody. */
export interface Probe {
  /** Where it came from: a photo of the gallery, or a visit. */
  label: string;
  /** Whose it is: index of the person; null: somebody whom the gallery does not know. */
  person: number | null;
  /** Which of the person's samples it is; null: none of them, such as a visit's. */
  sample: number | null;
  embedding: Float32Array;
}

/**
 * Every probe against every person, as the server compares: by the nearest of the person's photos. Row p holds
 * probe p.
 */
export interface Comparisons {
  people: readonly GalleryPerson[];
  probes: readonly Probe[];
  /** probes x people distances; Infinity where a person has no photo but the probe itself. */
  nearest: Float64Array;
  /** probes x people: which of the person's samples that was. */
  nearestSample: Uint32Array;
}

/** Every photo of the gallery as a probe, each left out of its own person's photos. */
export function galleryProbes(people: readonly GalleryPerson[]): Probe[] {
  return people.flatMap(({ samples }, person) =>
    samples.map(({ photo, embedding }, sample) => ({ label: photo, person, sample, embedding })),
  );
}

/** Compares; the work is probes x samples x embedding length. */
export function compareGallery(people: readonly GalleryPerson[], probes: readonly Probe[]): Comparisons {
  const nearest = new Float64Array(probes.length * people.length).fill(Infinity);
  const nearestSample = new Uint32Array(nearest.length);
  probes.forEach((probe, row) => {
    people.forEach(({ samples }, person) => {
      const at = row * people.length + person;
      samples.forEach(({ embedding }, sample) => {
        if (probe.person === person && probe.sample === sample) return;
        const distance = euclidean(probe.embedding, embedding);
        if (distance >= nearest[at]) return;
        nearest[at] = distance;
        nearestSample[at] = sample;
      });
    });
  });
  return { people, probes, nearest, nearestSample };
}

/** Euclidean distance of two embeddings. */
export function euclidean(one: Float32Array, other: Float32Array): number {
  let squared = 0;
  for (let i = 0; i < one.length; i += 1) squared += (one[i] - other[i]) ** 2;
  return Math.sqrt(squared);
}
