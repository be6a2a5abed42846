import type { Plugin, Rolldown } from 'vite'

/** A file that only passes on the texts of one area, which stand in a file with others. */
const facade = /^export\s*\{\s*(\w+) as text\s*\}\s*from\s*["']\.\/([\w.-]+\.js)["'];?\s*$/

/**
 * Lets code load texts from the file in which they stand. The bundler loads modules that are grouped (page-chunks.ts) through a file of
 * their own, which holds nothing but the name of the other: a third of the files of a first page. Rollup does it without them, rolldown
 * does not yet (rolldown/rolldown#9729).
 */
export function withoutTextFacades(): Plugin {
  return {
    name: 'wisp-text-facades',
    apply: 'build',
    generateBundle: {
      // What a file needs stands in its code only after all other plugins.
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter(one => one.type === 'chunk')
        for (const { fileName, code } of chunks) {
          const [, name, holder] = facade.exec(code.replace(/\n\/\/# sourceMappingURL=.*$/, '')) ?? []
          if (!name || !holder) continue
          for (const chunk of chunks) passBy(chunk, fileName, { name, holder })
          delete bundle[fileName]
        }
      },
    },
  }
}

function passBy(
  chunk: Rolldown.OutputChunk,
  fileName: string,
  { name, holder }: { name: string; holder: string },
): void {
  const own = fileName.replace(/^.*\//, '')
  if (!chunk.code.includes(own)) return
  chunk.code = chunk.code
    .replaceAll(
      new RegExp(`import\\(([\`"'])\\./${RegExp.escape(own)}\\1\\)\\.then\\((\\w+)=>\\2\\.text\\)`, 'g'),
      `import(\`./${holder}\`).then($2=>$2.${name})`,
    )
    .replaceAll(own, holder)
}
