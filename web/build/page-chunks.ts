import { writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'
import { chunkGroups, type Piece } from './chunk-groups.ts'

/** What a browser loads to show a page of the console when it has nothing yet, by the page's source: for `test/first-pages.test.ts`. */
export const firstPagesFile = 'first-pages.json'
export type FirstPages = Record<string, readonly string[]>

const libraryStyles = 'wisp-antd:'
const web = resolve(import.meta.dirname, '..')
/** The list of the console's pages, and those of its areas. */
const listOfPages = /^console[\\/](.*[\\/])?([\w-]+-)?pages\.ts$/
/** Files that a first page shares with others: with those of the page itself, of its texts and styles, it is about 25. */
const sharedFiles = 18
/** And a part that is opened later, most of whose files are there. */
const sharedFilesLater = 24

/** Says which modules are in one file (chunk-groups.ts). What one page alone needs stays with that page. */
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
      names = namesOf(this)
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

const isLeft = new RegExp(`${libraryStyles}|[\\\\/]antd[\\\\/]es[\\\\/]style[\\\\/]`)

/** Of what makes styles in the library only the imports are left (antd/plugin.ts). */
function importsOf(context: Rolldown.PluginContext, id: string): readonly string[] {
  const imports = context.getModuleInfo(id)?.importedIds ?? []
  const isStyle = /[\\/]antd[\\/]es[\\/].*[\\/]style[\\/]/.test(id)
  return isStyle ? imports.filter(needed => isLeft.test(needed)) : imports
}

/** The pages, and the parts that are loaded when they are opened, by what they need at once. */
function usersOf(context: Rolldown.PluginContext): Map<string, Set<string>> {
  const users = new Map<string, Set<string>>()
  const use = (id: string, root: string): void => {
    const own = users.get(id) ?? new Set()
    if (own.has(root)) return
    users.set(id, own.add(root))
    const info = context.getModuleInfo(id)
    for (const needed of importsOf(context, id)) use(needed, root)
    for (const area of areasIn(info?.code ?? ''))
      for (const language of ['zh', 'en']) use(textsOf(area, language), root)
  }
  for (const id of context.getModuleIds()) {
    if (isRoot(context, id)) use(id, id)
  }
  return users
}

function isRoot(context: Rolldown.PluginContext, id: string): boolean {
  const info = context.getModuleInfo(id)
  return !textFile.test(id) && (info?.isEntry === true || (info?.dynamicImporters.length ?? 0) > 0)
}

/** The file of each module that several pages need. */
function namesOf(context: Rolldown.PluginContext): Map<string, string> {
  const users = usersOf(context)
  const names = new Map<string, string>()
  const pieces: Piece[] = []
  const ofConsole = [...users.keys()].filter(id => isRoot(context, id) && placeOf(id) === 'console')
  for (const [id, known] of users) {
    // Whoever opens a page of the console has its frame.
    const isOfFrame = known.size > 1 && [...known].some(user => isEntry(user) && placeOf(user) === 'console')
    const own = isOfFrame ? known.union(new Set(ofConsole)) : known
    const isStyles = id.endsWith('.css')
    const [, language] = textFile.exec(id) ?? []
    if (isStyles && !id.includes(libraryStyles)) {
      const name = stylesName(id, own)
      if (name) names.set(id, name)
    } else if (language !== 'en') {
      const code = withoutComments(context.getModuleInfo(id)?.code ?? '')
      // The documentation is a page of 40 kB, which no file of others must come to.
      const isDocs = [...own].some(user => placeOf(user) === 'docs')
      const kind = isStyles ? 'styles' : isDocs ? 'docs' : (language ?? 'code')
      pieces.push({ id, kind, bytes: gzipSync(code).length, users: own, imports: importsOf(context, id) })
    }
  }
  const pages = new Set(pagesOf(context))
  const groups = chunkGroups(pieces, {
    files: user => (pages.has(user) || isEntry(user) ? sharedFiles : sharedFilesLater),
    // The workbench is opened on telephones by everybody; what is opened later is mostly there.
    weight: user => (isSmall(user) ? 300 : pages.has(user) || isEntry(user) ? 1 : 0.1),
  })
  const ofOne = pieces.filter(({ kind, users: own }) => kind === 'zh' && own.size === 1)
  const texts = Map.groupBy(ofOne, ({ users: own }) => [...own][0]).values()
  for (const [n, ids] of [...groups, ...texts.map(all => all.map(({ id }) => id))].entries())
    for (const id of ids) {
      names.set(id, `shared-${n}`)
      if (textFile.test(id)) names.set(inEnglish(id), `shared-en-${n}`)
    }
  return names
}

const withoutComments = (code: string) => code.replace(/\/\*[\s\S]*?\*\//g, '')
const inEnglish = (id: string) => id.replace(/([\\/]text[\\/])zh/, '$1en')

/** Sheets come in the order of the library, of all pages, of the console; what is loaded later would come after rules that change it. */
function stylesName(id: string, users: ReadonlySet<string>): string | undefined {
  if (id.endsWith('antd.css')) return 'antd'
  const entries = new Set([...users].filter(isEntry).map(placeOf))
  // It is one page, with a list and a form as those of the console.
  entries.delete('developer')
  const isOfConsole = [...users].some(user => placeOf(user) === 'console')
  if (entries.size === 0) return isOfConsole ? 'frame' : undefined
  if (users.size === 1 && !isOfConsole) return undefined
  return entries.size > 1 || !entries.has('console') ? 'base' : 'frame'
}

const isEntry = (user: string) => user.endsWith('index.html')
const placeOf = (user: string) => relative(web, user).split(/[\\/]/)[0] ?? ''

/** The developers' page is one with a list and a form as those of the console. */
const isSmall = (user: string) => isEntry(user) && !['console', 'developer'].includes(placeOf(user))

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
  return Object.fromEntries(
    pagesOf(context).map(id => [relative(web, id), [...add(holder(id), new Set(frame))].sort()]),
  )
}

/** What the lists of pages load. */
function pagesOf(context: Rolldown.PluginContext): string[] {
  const lists = [...context.getModuleIds()].filter(id => listOfPages.test(relative(web, id)))
  return lists.flatMap(id => context.getModuleInfo(id)?.dynamicallyImportedIds ?? [])
}
