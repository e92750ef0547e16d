import type { DecodingLoad } from './decoding-load.js';
import { reorderedBy } from './held-back.js';
import type { Arrival } from './recent-video.js';

/** Which pictures of a quiet camera are decoded: its key pictures, and what a decoder needs to show them. */
export class KeyPictures {
  readonly #load: DecodingLoad;
  /** When the latest key picture arrived that was chosen, monotonic ms. */
  #chosenAt = -Infinity;
  #passedBy = 0;
  /** So many pictures more have to follow a key picture until a decoder shows it. */
  #escort = 0;

  constructor(load: DecodingLoad) {
    this.#load = load;
  }

  /** Key pictures that were not chosen, for other cameras went first. */
  get passedBy(): number {
    return this.#passedBy;
  }

  /** shown: it is to be delivered. fed: it is needed for the one before. null: it is not decoded. */
  choose({ fragment, at }: Arrival): 'shown' | 'fed' | null {
    if (!fragment.keyframe) return this.#escort-- > 0 ? 'fed' : null;
    const isAllowed = this.#load.allows(this.#chosenAt, at);
    // Where a camera reorders pictures, a decoder holds back as many as the key picture is shown later than it is decoded.
    this.#escort = isAllowed ? reorderedBy(fragment) : 0;
    if (isAllowed) this.#chosenAt = at;
    else this.#passedBy += 1;
    return isAllowed ? 'shown' : null;
  }

  /** Another video begins. */
  clear(): void {
    this.#escort = 0;
  }
}
