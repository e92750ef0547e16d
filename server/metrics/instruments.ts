import { Counter, Gauge, Histogram, Registry, type Metric } from 'prom-client';

/** Names and values that tell one series of a metric from another. */
export type Labels = Readonly<Record<string, string>>;

/** A value with its labels, as it is read when somebody asks. */
export type Reading = readonly [labels: Labels, value: number];

const PREFIX = 'gatehouse_';

/**
 * The metrics of one running Gatehouse in a registry of their own. Names get the prefix `gatehouse_`; units are the base
 * ones: seconds, bytes. What the parts count themselves is read when somebody asks; only times are kept here.
 *
 * Labels are few and bounded: cameras, codes, states, stages. A camera that is gone takes its series along.
 */
export class Instruments {
  readonly #registry = new Registry();
  readonly #kept: Metric[] = [];

  /** A value that only goes up, and begins at 0 with the part that counts it. */
  readCounter(name: string, help: string, labelNames: string[], read: () => Iterable<Reading>): void {
    const metric = new Counter({
      ...this.#described(name, help, labelNames),
      collect: () => {
        metric.reset();
        for (const [labels, value] of read()) metric.inc(labels, value);
      },
    });
  }

  /** A value that goes up and down. */
  readGauge(
    name: string,
    help: string,
    labelNames: string[],
    read: () => Iterable<Reading> | Promise<Iterable<Reading>>,
  ): void {
    const metric = new Gauge({
      ...this.#described(name, help, labelNames),
      collect: async () => {
        const readings = await read();
        metric.reset();
        for (const [labels, value] of readings) metric.set(labels, value);
      },
    });
  }

  counter(name: string, help: string, labelNames: string[] = []): Counter {
    return this.#keep(new Counter(this.#described(name, help, labelNames)));
  }

  /** @param buckets upper bounds, in the metric's unit */
  histogram(name: string, help: string, buckets: number[], labelNames: string[] = []): Histogram {
    return this.#keep(new Histogram({ ...this.#described(name, help, labelNames), buckets }));
  }

  /** Drops the series of all cameras but these. */
  async keepCameras(cameras: ReadonlySet<string>): Promise<void> {
    for (const metric of this.#kept) {
      const { values } = await metric.get();
      for (const { labels } of values) {
        const { le: _, ...own } = labels as Record<string, string>;
        if ('camera' in own && !cameras.has(own['camera'])) metric.remove(own);
      }
    }
  }

  /** Everything as Prometheus reads it. */
  async expose(): Promise<{ text: string; contentType: string }> {
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  #described(name: string, help: string, labelNames: string[]) {
    return { name: PREFIX + name, help, labelNames, registers: [this.#registry] };
  }

  #keep<M extends Metric>(metric: M): M {
    this.#kept.push(metric);
    return metric;
  }
}

/** The one reading of a metric without labels. */
export function one(value: number): Reading[] {
  return [[{}, value]];
}
