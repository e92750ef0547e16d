import { Hono } from 'hono';

export interface MetricsDesk {
  /** Everything that is measured, in the text that Prometheus reads. */
  metrics(): Promise<{ text: string; contentType: string }>;
}

/** `GET /metrics`: docs/operations.md explains each. */
export function metricsResource(desk: MetricsDesk): Hono {
  const app = new Hono();
  app.get('/', async (context) => {
    const { text, contentType } = await desk.metrics();
    return context.body(text, 200, { 'content-type': contentType });
  });
  return app;
}
