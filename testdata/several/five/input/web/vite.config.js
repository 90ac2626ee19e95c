import { defineConfig } from 'vite'

export default defineConfig({
  server: {
    proxy: {
      '/api/catalog': 'http://localhost:8080',
      '/api/orders': { target: 'http://localhost:8000', changeOrigin: true },
    },
  },
})
