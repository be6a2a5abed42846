import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { antdStyles } from './build/antd/plugin.ts'
import { directImports } from './build/direct-imports.ts'
import { pageChunks } from './build/page-chunks.ts'
import { withoutTextFacades } from './build/text-facades.ts'

const page = (name: string) => resolve(import.meta.dirname, name, 'index.html')

/** Code that shows texts asks for them as soon as it is loaded, and not only when it is shown: `expectText` of ui/text.ts. */
function textsWithCode(): Plugin {
  return {
    name: 'wisp-texts-with-code',
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(import.meta.dirname) || !/\.tsx$/.test(id)) return undefined
      const areas = new Set([...code.matchAll(/useText\('([a-z-]+)'\)/g)].map(([, area]) => area))
      if (areas.size === 0) return undefined
      const names = JSON.stringify([...areas])
      return {
        code: `${code}\nimport { expectText } from '/ui/text.ts'\nexpectText(${names})`,
        map: null,
      }
    },
  }
}

/** Six pages with shared chunks. Code that only the console needs is not loaded by the others. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [textsWithCode(), directImports(), antdStyles(), pageChunks(), withoutTextFacades(), react()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    // The first load matters most on a member's phone. test/browser checks its size, so this limit is only
    // for the rest.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // Parts of Ant Design do not say so themselves; without it the first load carries forms that it does not show.
      treeshake: {
        moduleSideEffects: [
          { test: /node_modules[\\/](antd|@rc-component)[\\/].*\.js$/, sideEffects: false },
        ],
      },
      input: {
        console: page('console'),
        developer: page('developer'),
        portal: page('portal'),
        mobile: page('mobile'),
        'sign-in': page('sign-in'),
        pay: page('pay'),
      },
    },
  },
})
