import { BehaviorSubject, defer, startWith, Subject, type Observable } from 'rxjs';
import type { Frame } from '../frames/frame.js';
import type { CameraStage } from './stages.js';

/** One life of a camera: it comes, and it goes. */
export interface CameraLife<C extends CameraStage = CameraStage> {
  readonly camera: C;
  /** Emits once, when it goes. */
  readonly gone: Observable<unknown>;
}

/**
 * The cameras there are. They come and go while the pipeline runs; each stage follows `lives` or asks by frame, and
 * none keeps a list of its own. A camera that is restarted is another life under the same id.
 */
export class CameraRoster<C extends CameraStage = CameraStage> {
  readonly #lives = new Map<string, CameraLife<C> & { readonly gone: Subject<void> }>();
  readonly #coming = new Subject<CameraLife<C>>();
  readonly #present = new BehaviorSubject<readonly C[]>([]);

  constructor(cameras: readonly C[] = []) {
    for (const camera of cameras) this.add(camera);
  }

  /** Those that are there, and then each that comes. */
  get lives(): Observable<CameraLife<C>> {
    return defer(() => this.#coming.pipe(startWith(...this.#lives.values())));
  }

  /** Those that are there: at once, and after every change. */
  get present(): Observable<readonly C[]> {
    return this.#present;
  }

  get(id: string): C | undefined {
    return this.#lives.get(id)?.camera;
  }

  all(): readonly C[] {
    return this.#present.value;
  }

  /** The camera that a held frame is of; none where that life is over, even if the camera has begun another. */
  of(frame: Frame): C | undefined {
    const camera = this.get(frame.camera);
    return camera?.slot.holds(frame) ? camera : undefined;
  }

  /** @throws where a camera of that id is there: it has to go first */
  add(camera: C): void {
    if (this.#lives.has(camera.id)) throw new Error(`camera ${camera.id} is there already`);
    const life = { camera, gone: new Subject<void>() };
    this.#lives.set(camera.id, life);
    this.#tell();
    this.#coming.next(life);
  }

  /** No frame of it is taken or waited for any more, and its visits end. Stopping the camera itself is the caller's. */
  remove(id: string): void {
    const life = this.#lives.get(id);
    if (!life) return;
    this.#lives.delete(id);
    this.#tell();
    life.gone.next();
    life.gone.complete();
  }

  #tell(): void {
    this.#present.next([...this.#lives.values()].map(({ camera }) => camera));
  }
}
