import { euros } from '@bookshop/prices'
import { Hono } from 'hono'

export const app = new Hono()

app.get('/healthz', (c) => c.text('ok'))
app.get('/books', (c) => c.json([{ title: 'Invisible Cities', price: euros(1799) }]))
