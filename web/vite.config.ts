import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const page = (name: string) => resolve(import.meta.dirname, name, 'index.html')

/** Six pages with shared chunks. Code that only the console needs is not loaded by the others. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    // The first load matters most on a member's phone. test/browser checks its size, so this limit is only
    // for the rest.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: {
        console: page('console'),
        developer: page('developer'),
        portal: page('portal'),
        mobile: page('mobile'),
        'sign-in': page('sign-in'),
        pay: page('pay'),
      },
      output: {
        codeSplitting: {
          groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }],
        },
      },
    },
  },
})
