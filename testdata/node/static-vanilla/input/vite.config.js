import { defineConfig } from "vite";

// The site lives in web/ and is published below /dice/.
export default defineConfig({
  root: "web",
  base: "/dice/",
  build: { outDir: "../public_html", emptyOutDir: true },
  server: { port: 3000 },
});
