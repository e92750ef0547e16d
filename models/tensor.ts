export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
