import { serve } from '@hono/node-server'
import { app } from './app.ts'

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 4000) })
process.on('SIGTERM', () => server.close())
