import { defineConfig } from 'astro/config';

export default defineConfig({ base: '/sky', outDir: './site' });
