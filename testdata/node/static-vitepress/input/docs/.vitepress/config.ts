import { defineConfig } from 'vitepress'
import { sidebar } from './sidebar'

export default defineConfig({
  title: 'Handbook',
  outDir: '../site',
  cleanUrls: true,
  lastUpdated: true,
  themeConfig: { sidebar: sidebar(['guide/moorings']) },
})
