import Koa from 'koa'
import { page } from './page.js'

const app = new Koa()
app.use((ctx) => {
  ctx.type = 'html'
  ctx.body = page()
})
const server = app.listen(process.env.PORT || 3001)
process.on('SIGTERM', () => server.close())
