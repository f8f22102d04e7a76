/** Builds the page into `packages/volumark/dist/web`, from where the program serves it. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const service = process.env.VOLUMARK_SERVICE ?? "http://127.0.0.1:8440";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "../volumark/dist/web",
    emptyOutDir: true,
    target: "es2023",
    sourcemap: false,
    reportCompressedSize: false,
    // Everything is a file of its own that the content policy allows.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Our packages do nothing when they are only imported; so a view that needs the client does not load the schemas.
      treeshake: { moduleSideEffects: (id) => !/\/packages\/(engine|measure|volumark)\/(dist|src)\//.test(id) },
    },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": service, "/docs": service, "/openapi.json": service } },
});
