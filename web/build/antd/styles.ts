import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCache, extractStyle, StyleProvider, token2CSSVar } from '@ant-design/cssinjs'
import { ConfigProvider, theme } from 'antd'
import { Fragment, createElement as h } from 'react'
import { renderToString } from 'react-dom/server'
import { themeOf } from '../../ui/frame/theme.ts'
import { samples } from './samples.ts'
import { unused } from './unused.ts'

/** Components that few pages show, and whose styles come with their code; `Tree` has those that are called `Tree-…`. */
export const apart = [
  'DatePicker',
  'InputNumber',
  'List',
  'Slider',
  'Steps',
  'Tabs',
  'Timeline',
  'Tree',
  'TreeSelect',
  'Upload',
]

/**
 * The styles of `samples` as the library would write them in a browser: its rules name CSS variables, which `all` gives to the root
 * for light and for dark. `parts` are the names of all styles there are, such as `Button-Button` and `Button-compact`.
 */
export type Sheets = { all: string; apart: ReadonlyMap<string, string>; parts: ReadonlySet<string> }

export function antdSheets(namedByPages: ReadonlySet<string>): Sheets {
  const { cache, variables } = rendered(false)
  const dark = [...rendered(true).variables].filter(([place, value]) => variables.get(place) !== value)
  // The cache calls them style%<salt>%<part>%<prefix of classes>%<prefix of icons>.
  const paths = [...cache.cache.keys()].map(String).filter(path => path.startsWith('style%'))
  const partOf = (path: string) => path.split('%')[2] ?? ''
  const componentOf = (path: string) => partOf(path).split('-')[0] ?? ''
  const rules = (wanted: (component: string) => boolean) => {
    const some = createCache()
    for (const path of paths)
      if (wanted(componentOf(path))) some.cache.set(path, cache.cache.get(path) as never)
    return withoutUnused(extractStyle(some, { plain: true, types: 'style' }))
  }
  const sheets = new Map(apart.map(name => [name, rules(component => component === name)]))
  const common = rules(component => !apart.includes(component))
  const named = new Set(variablesNamed(common + [...sheets.values()].join('')))
  const needed = ([place]: readonly [string, string]) => {
    const name = place.split(' ')[1] ?? ''
    return named.has(name) || namedByPages.has(name)
  }
  const given =
    declared(':root', [...variables].filter(needed)) +
    declared(':root[data-theme="dark"]', dark.filter(needed))
  return {
    all: given + common,
    apart: sheets,
    parts: new Set(paths.map(partOf)),
  }
}

function rendered(isDark: boolean) {
  const cache = createCache()
  const look = { ...themeOf(isDark), hashed: false, cssVar: { key: 'root' } }
  const all = h(ConfigProvider, { theme: look }, ...samples.map((one, key) => h(Fragment, { key }, one)))
  renderToString(h(StyleProvider, { cache }, all))
  return { cache, variables: variablesIn(extractStyle(cache, { plain: true, types: ['token', 'cssVar'] })) }
}

/**
 * The values by `<class> <name>`. A component's own variables are as good at the root, where elements inherit them as one; one of all
 * components that a component has otherwise (the blue of dark buttons) stays with its class.
 */
function variablesIn(css: string): Map<string, string> {
  const rules = [...css.matchAll(/\.root([^{}]*)\{([^{}]*)\}/g)].map(([, scope = '', body = '']) => ({
    scope,
    pairs: [...body.matchAll(/(--[\w-]+):([^;]*)/g)].map(([, name = '', value = '']) => ({ name, value })),
  }))
  const shared = new Set(
    rules.flatMap(({ scope, pairs }) => (scope === '' ? pairs.map(one => one.name) : [])),
  )
  return new Map(
    rules.flatMap(({ scope, pairs }) =>
      pairs.map(({ name, value }) => [`${shared.has(name) ? scope : ''} ${name}`, value] as const),
    ),
  )
}

function declared(root: string, variables: readonly (readonly [string, string])[]): string {
  const byScope = Map.groupBy(variables, ([place]) => place.split(' ')[0] ?? '')
  const rules = [...byScope].map(([scope, own]) => {
    const body = own.map(([place, value]) => `${place.split(' ')[1]}:${value}`).join(';')
    return `${scope === '' ? root : `${root} ${scope}`}{${body}}`
  })
  return `${rules.join('\n')}\n`
}

/** The library's variables that a sheet or some code names. */
export const variablesNamed = (text: string): string[] => text.match(/--ant-[\w-]+/g) ?? []

/** Takes out the selectors of `unused`, and rules that have no other. Rules here hold declarations, and at-rules hold rules. */
function withoutUnused(css: string): string {
  return css.replace(/([^{}]+)\{([^{}]*)\}/g, (rule: string, selectors: string, body: string) => {
    // A rule for all but something is for what there is.
    const isUnused = (selector: string) => {
      const named = selector.replace(/:not\((?:[^()]|\([^()]*\))*\)/g, '')
      return unused.some(({ classes }) => classes.test(named))
    }
    if (!isUnused(selectors)) return rule
    const kept = selectors.split(/,(?![^(]*\))/).filter(one => !isUnused(one))
    return kept.length > 0 ? `${kept.join(',')}{${body}}` : ''
  })
}

/** What the library's scripts read of the theme: sizes and times as they are, a colour as the variable that has it in both themes. */
export function scriptToken(): Record<string, unknown> {
  const light = Object.entries(theme.getDesignToken(themeOf(false)))
  const dark = new Map(Object.entries(theme.getDesignToken(themeOf(true))))
  const words = wordsOfScripts()
  return Object.fromEntries(
    light
      // The widths of screens are read by names that are put together.
      .filter(([name]) => name.startsWith('screen') || words.has(name))
      .map(([name, value]) => [name, dark.get(name) === value ? value : `var(${token2CSSVar(name, 'ant')})`]),
  )
}

/** What makes the styles, which no browser runs, reads far more of it. */
function wordsOfScripts(): ReadonlySet<string> {
  const folder = join(import.meta.dirname, '../../../node_modules/antd/es')
  const makesStyles = /(^|[\\/])(style|theme)([\\/]|$)/
  const scripts = globSync('**/*.js', { cwd: folder, exclude: name => makesStyles.test(name) })
  return new Set(scripts.flatMap(file => readFileSync(join(folder, file), 'utf8').match(/\w+/g) ?? []))
}
