import { Hono } from 'hono'

export const app = new Hono()

app.get('/', (c) => c.html('<h1>Orders of today</h1>'))
app.get('/healthz', (c) => c.text('ok'))
