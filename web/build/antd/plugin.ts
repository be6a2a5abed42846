import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Plugin, parseAst, Visitor } from 'vite'
import { leftOut } from './left-out.ts'
import { antdSheets, apart, type Sheets, scriptToken, variablesNamed } from './styles.ts'
import { unused } from './unused.ts'

const web = resolve(import.meta.dirname, '../..')
/** The console's first sheet. What the plugin gives takes the place of what is written there. */
const sheetPath = join(web, 'ui/frame/antd.css').replaceAll('\\', '/')
const apartPrefix = 'wisp-antd:'

/** Modules of the library that make styles in the browser, and what stands in their place. */
const replaced: Record<string, () => string> = {
  'theme/useToken': tokenModule,
  'theme/util/genStyleUtils': () => `export const genStyleHooks = () => () => ['', '']
export const genComponentStyleHook = () => () => ''
export const genSubStyleComponent = () => () => null
export const genCssVar = (root, part) => {
  const name = key => '--' + root.replace(/\\./g, '') + '-' + part + '-' + key
  return [name, (key, fallback) => 'var(' + name(key) + (fallback ? ', ' + fallback : '') + ')']
}`,
  'theme/util/useResetIconStyle': () => 'export default () => {}',
  'theme/themes/default/theme': () => 'export default undefined',
}

/** The library has these for sketches, and the code of them wherever it has pages of a list. */
const ofWireframes = 'Pagination-bordered'

/**
 * Ant Design writes its styles in the browser: a third of the time that a page's scripts took, by code that is as long as what it
 * writes. Here the build writes them, into one sheet and a small one for each of `apart`, and leaves that code out. A build fails if a
 * page uses a style that no sheet has.
 */
export function antdStyles(): Plugin {
  let made: Sheets | undefined
  const sheets = () => {
    made ??= antdSheets(namedByPages())
    return made
  }
  const partsOf = new Map<string, string[]>()
  // While pages are written, the server of Vite bundles the library apart: without small sheets, and by a plugin of its own.
  let isBuild = false
  return {
    name: 'wisp-antd-styles',
    enforce: 'pre',
    config: (_config, { command }) =>
      command === 'serve' ? { optimizeDeps: { rolldownOptions: { plugins: [antdStyles()] } } } : {},
    configResolved({ command }) {
      isBuild = command === 'build'
    },
    resolveId: id => (id.startsWith(apartPrefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${apartPrefix}`)) return undefined
      return sheets().apart.get(id.slice(apartPrefix.length + 1, -'.css'.length))
    },
    transform(code, id) {
      const path = id.replaceAll('\\', '/')
      if (isBuild && id.startsWith(web) && id.endsWith('.tsx'))
        for (const { code: needs, classes } of unused)
          if (needs?.test(code))
            this.error(`web/build/antd/unused.ts leaves out ${classes}, which ${id} needs (${needs})`)
      if (path === sheetPath)
        return {
          code: isBuild ? sheets().all : [sheets().all, ...sheets().apart.values()].join(''),
          map: null,
        }
      const [, name = ''] = /\/antd\/es\/(.*)\.js$/.exec(path) ?? []
      const instead = replaced[name]?.() ?? leftOut[name]?.(code)
      if (instead !== undefined) return { code: instead, map: null }
      if (!/\/style\//.test(name)) return undefined
      const calls = styleCalls(code)
      partsOf.set(
        id,
        calls.map(one => one.part),
      )
      const own = apart.filter(
        component => isBuild && calls.some(one => one.part.startsWith(`${component}-`)),
      )
      const imports = own.map(component => `import '${apartPrefix}${component}.css'\n`).join('')
      return { code: imports + withoutStyles(code, calls), map: null }
    },
    // Before the pages' own, which change some of its rules.
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const [link = ''] = /^.*<link rel="stylesheet"[^>]*\/antd-[^>]*>\n/m.exec(html) ?? []
        return html.replace(link, '').replace(/^.*<link rel="stylesheet"/m, first => link + first)
      },
    },
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(one => one.type === 'chunk')
      const used = chunks.flatMap(one => one.moduleIds.flatMap(id => partsOf.get(id) ?? []))
      const missing = [...new Set(used)].filter(part => !sheets().parts.has(part) && part !== ofWireframes)
      if (missing.length > 0)
        this.error(
          `web/build/antd/samples.ts shows no component with the styles ${missing.join(', ')}, which a page uses`,
        )
    },
  }
}

/** What the pages' own sheets and scripts name, and the scripts of the library by the theme that they read. */
function namedByPages(): ReadonlySet<string> {
  const files = globSync('*/**/*.{css,ts,tsx}', { cwd: web, exclude: name => name === 'dist' })
  const sources = files.map(file => readFileSync(join(web, file), 'utf8'))
  return new Set(variablesNamed([...sources, JSON.stringify(scriptToken())].join('\n')))
}

/** A call that makes styles: the part of which component, and where its functions, all but the first argument, stand. */
type StyleCall = { part: string; from: number; to: number }

function styleCalls(code: string): StyleCall[] {
  const found: StyleCall[] = []
  new Visitor({
    CallExpression({ callee, arguments: [named, ...functions] }) {
      if (
        callee.type !== 'Identifier' ||
        !/^gen(StyleHooks|SubStyleComponent|ComponentStyleHook)$/.test(callee.name)
      )
        return
      const last = functions.at(-1)
      if (!named || !last) return
      const words = [...code.slice(named.start, named.end).matchAll(/'([\w-]+)'/g)].map(
        ([, word = '']) => word,
      )
      found.push({ part: [words[0], words[1] ?? words[0]].join('-'), from: named.end, to: last.end })
    },
  }).visit(parseAst(code))
  return found
}

const withoutStyles = (code: string, calls: readonly StyleCall[]) =>
  calls.toReversed().reduce((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), code)

/** What the library's scripts read of the theme. They wait for no movement where the reader wants none: base.css ends it at once. */
function tokenModule(): string {
  return `const token = ${JSON.stringify(scriptToken())}
token.motion = !matchMedia('(prefers-reduced-motion: reduce)').matches
const given = [undefined, token, '', token, { prefix: 'ant', key: '' }, true]
export const unitless = {}
export const ignore = {}
export const getComputedToken = () => token
export default () => given`
}
