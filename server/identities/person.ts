/** Somebody the gallery knows. */
export interface Person {
  /** Stable: made from the name of the photo or folder (`skuli.jpg`, `skuli/` -> `skuli`). */
  id: string;
  /** As shown and spoken: `skuli` -> `Skuli`, `ada-lovelace` -> `Ada Lovelace`. */
  name: string;
}

/** One enrolled photo. */
export interface Sample {
  /** Path below its people folder, with forward slashes. */
  photo: string;
  /** SHA-256 of the photo's bytes, hex. */
  sha256: string;
  /** Name of the network that made the embedding. */
  network: string;
  /** As the network made it: as many numbers as its embeddings have. */
  embedding: Float32Array;
  /** ISO 8601, UTC. */
  enrolledAt: string;
}

export interface EnrolledPerson extends Person {
  samples: Sample[];
}
