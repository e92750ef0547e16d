/** In pixels of the picture; may reach over its edges where a face is cut off. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Length of every embedding, whichever network made it. */
export const EMBEDDING_LENGTH = 128;

/** One face of one picture. Plain data: it crosses from the worker. */
export interface Face {
  /** The detector's box. */
  box: Box;
  /** The detector's score, 0..1. */
  score: number;
  /** 68 points in the iBUG 300-W order, x y x y ..., pixels of the picture: 136 numbers. */
  landmarks: Float32Array;
  /** L2-comparable embedding, EMBEDDING_LENGTH numbers, of the network that the recogniser was started with. */
  embedding: Float32Array;
}
