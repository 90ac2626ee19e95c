import express from 'express'
import path from 'node:path'

export const app = express()

app.get('/api/books', (req, res) => res.json(['Invisible Cities', 'Solaris']))
app.use(express.static(path.join(import.meta.dirname, '../client/dist')))
