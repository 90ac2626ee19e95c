import Fastify, { type FastifyInstance } from 'fastify';

export function fare(zones: number): number {
  return 150 + 60 * zones;
}

export function build(): FastifyInstance {
  const app = Fastify();
  app.get('/', async () => ({ message: 'Hello from Fastify', single: fare(2) }));
  app.get('/health', async () => ({ ok: true }));
  return app;
}
