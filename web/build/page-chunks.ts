import { writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

/** What a browser loads to show a page of the console when it has nothing yet, by the page's source: for `test/first-pages.test.ts`. */
export const firstPagesFile = 'first-pages.json'
export type FirstPages = Record<string, readonly string[]>

const web = resolve(import.meta.dirname, '..')
/** The list of the console's pages, and those of its areas. */
const listOfPages = /^console[\\/](.*[\\/])?([\w-]+-)?pages\.ts$/
/** How many of the console's pages need what is loaded with the others of its kind: most, many, some. */
const shares = [
  { name: 'most', pages: 40 },
  { name: 'many', pages: 20 },
] as const

/**
 * Says which modules are in one file. A bundler makes a file of all modules that the same pages need, which are hundreds; here it is
 * one for all pages, one for those that another page than the console's needs, one for the console's frame, and, of what only pages of the
 * console need, one for an area and one for each of `shares`. What one page alone needs stays with that page.
 */
export function pageChunks(): Plugin {
  let names = new Map<string, string>()
  const nameOf: Rolldown.CodeSplittingNameFunction = id => names.get(id)
  return {
    name: 'wisp-page-chunks',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          output: {
            codeSplitting: {
              includeDependenciesRecursively: false,
              groups: [{ name: nameOf, debugName: 'pages' }],
            },
          },
        },
      },
    }),
    buildEnd() {
      names = new Map()
      for (const [id, users] of usersOf(this)) {
        const name = chunkOf(id, [...users])
        if (name) names.set(id, name)
      }
    },
    // After all plugins: the styles' own scripts are gone by then.
    writeBundle({ dir = '' }, bundle) {
      writeFileSync(join(dir, firstPagesFile), JSON.stringify(firstPages(this, bundle)))
    },
  }
}

/** The texts of an area in one language, which code asks for by `expectText` (vite.config.ts). */
const textFile = /[\\/]text[\\/](zh|en)[\\/]/
const areasIn = (code: string): string[] =>
  [...code.matchAll(/expectText\(\[([^\]]*)\]\)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/["']([a-z-]+)["']/g)].map(([, area = '']) => area),
  )
const textsOf = (area: string, language: string) => join(web, 'text', language, `${area}.ts`)

/** The pages, and the parts that are loaded when they are opened, by what they need at once. */
function usersOf(context: Rolldown.PluginContext): Map<string, Set<string>> {
  const users = new Map<string, Set<string>>()
  const use = (id: string, root: string): void => {
    const own = users.get(id) ?? new Set()
    if (own.has(root)) return
    users.set(id, own.add(root))
    const info = context.getModuleInfo(id)
    // What made styles there is gone (antd/plugin.ts), and only its imports are left.
    const isStyle = /[\\/]antd[\\/]es[\\/].*[\\/]style[\\/]/.test(id)
    for (const needed of info?.importedIds ?? [])
      if (!isStyle || needed.includes('wisp-antd:')) use(needed, root)
    for (const area of areasIn(info?.code ?? ''))
      for (const language of ['zh', 'en']) use(textsOf(area, language), root)
  }
  for (const id of context.getModuleIds()) {
    const info = context.getModuleInfo(id)
    if (!textFile.test(id) && (info?.isEntry || info?.dynamicImporters.length)) use(id, id)
  }
  return users
}

function chunkOf(id: string, users: readonly string[]): string | undefined {
  const [, language] = textFile.exec(id) ?? []
  if (language) {
    const name = users.length > 1 ? groupOf(id, users) : undefined
    return name && name !== homeOf(id) ? `${language}-${name}` : undefined
  }
  if (id.endsWith('antd.css')) return 'antd'
  if (users.length < 2 && !id.endsWith('.css')) return undefined
  const own = shown.find(({ path }) => path.test(id))
  if (own && !id.endsWith('.css')) return own.name
  return groupOf(id, users)
}

const isDocs = ([place]: readonly string[]) => place === 'docs'

function groupOf(id: string, users: readonly string[]): string | undefined {
  const places = users.map(one => relative(web, one).split(/[\\/]/))
  // The documentation is a page of 40 kB, which must not load the pages' own 90 for the words of a time.
  if (places.some(isDocs) && !places.every(isDocs) && !id.endsWith('.css')) return 'with-docs'
  const entries = new Set(places.flatMap(([place = '', file]) => (file === 'index.html' ? [place] : [])))
  // It is one page, with a list and a form as those of the console.
  entries.delete('developer')
  const isOfConsole = places.some(([place]) => place === 'console')
  if (entries.size > 0 && isOfConsole) return entries.size > 1 || !entries.has('console') ? 'base' : 'frame'
  if (entries.size > 0) return [...entries].sort().join('-')
  if (id.endsWith('.css') && !id.includes('wisp-antd:')) return isOfConsole ? 'frame' : undefined
  const areas = new Set(places.map(([, area]) => area))
  if (areas.size === 1) return `area-${[...areas][0]}`
  const share = shares.find(({ pages }) => users.length >= pages)
  return apart.find(({ path }) => path.test(id))?.name ?? share?.name ?? homeOf(id)
}

/** Parts that are of no use without another. */
const besides: Record<string, string> = {
  colors: 'progress',
  'mini-decimal': 'input-number',
  timeline: 'steps',
}

/** What few pages need is with the part of the library, or with the folder, that it is of. */
function homeOf(id: string): string {
  const [, styles] = /wisp-antd:(\w+)/.exec(id) ?? []
  const ofStyles = styles?.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase()
  if (ofStyles) return besides[ofStyles] ?? ofStyles
  const [, part] = /node_modules[\\/](?:antd[\\/]es|@[\w-]+)[\\/]([\w-]+)/.exec(id) ?? []
  if (part) return part.startsWith('icons') ? 'most' : (besides[part] ?? part)
  const [place, folder = ''] = relative(web, id).split(/[\\/]/)
  return `${place}-${folder.replace(/\..*/, '')}`
}

/** What stands apart from the others that as many pages need, since it is large. The first that fits has it. */
const apart = [
  // Little of which many pages need one or another: not worth a file of its own.
  { name: 'most', path: /console[\\/](rows|start)[\\/]|ui[\\/]values[\\/]|ui[\\/]objects[\\/]actor/ },
  { name: 'tables', path: /[\\/](table|pagination|lists)[\\/]|ui[\\/]list-table|tree[\\/]es[\\/]utils/ },
  { name: 'trees', path: /[\\/](tree|tree-select)[\\/]|wisp-antd:Tree/ },
  {
    name: 'fields',
    path: /[\\/](select|input|checkbox|radio|virtual-list|empty|scroll-into-view-if-needed|compute-scroll-into-view)[\\/]|ui[\\/]pickers/,
  },
  {
    name: 'forms',
    path: /@rc-component[\\/](form|async-validator)[\\/]|antd[\\/]es[\\/]form[\\/](?!context|hooks[\\/](?!useForm))|[\\/]drawer[\\/]|ui[\\/](data[\\/]form-act|address[\\/](url-)?drawer)/,
  },
]
/** What the pages of others show, and a few of the console's. */
const shown = [
  { name: 'codes', path: /[\\/](uqr|values[\\/]qr-code)/ },
  { name: 'cards', path: /ui[\\/]wecom-card/ },
]

function firstPages(context: Rolldown.PluginContext, bundle: Rolldown.OutputBundle): FirstPages {
  const chunks = new Map(
    Object.values(bundle).flatMap(one => (one.type === 'chunk' ? [[one.fileName, one] as const] : [])),
  )
  const holder = (id: string) => [...chunks.values()].find(one => one.moduleIds.includes(id))?.fileName ?? ''
  const add = (file: string, found: Set<string>): Set<string> => {
    const chunk = chunks.get(file)
    if (!chunk || found.has(file)) return found
    found.add(file)
    for (const one of chunk.viteMetadata?.importedCss ?? []) found.add(one)
    for (const one of chunk.imports) add(one, found)
    for (const id of chunk.moduleIds)
      for (const area of areasIn(context.getModuleInfo(id)?.code ?? ''))
        add(holder(textsOf(area, 'zh')), found)
    return found
  }
  const frame = add(
    holder(join(web, 'console/main.tsx')),
    new Set(['start.js', 'icon.svg', 'console/index.html']),
  )
  const lists = [...context.getModuleIds()].filter(id => listOfPages.test(relative(web, id)))
  const pages = lists.flatMap(id => context.getModuleInfo(id)?.dynamicallyImportedIds ?? [])
  return Object.fromEntries(pages.map(id => [relative(web, id), [...add(holder(id), new Set(frame))].sort()]))
}
