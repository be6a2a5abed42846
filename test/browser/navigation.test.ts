import { describe, expect, it } from 'vitest'
import { entries, entryAddresses } from '../../web/console/entries.ts'
import { movedTo } from '../../web/console/object-addresses.ts'
import { pages } from '../../web/console/pages.ts'
import { entriesFor, pageAt, tabsOf } from '../../web/console/place.ts'
import { settings } from '../../web/console/settings.ts'
import { text as en } from '../../web/text/en/console.ts'
import { text as zh } from '../../web/text/zh/console.ts'
import { level } from '../../web/ui/data/level.ts'

const groups = [...new Set(entries.flatMap(({ group }) => group ?? []))]
const languages = [zh, en]
const allOn = new Set(pages.flatMap(page => page.feature ?? []))
const viewer = (roleLevel: number, features: ReadonlySet<string> = allOn) => ({
  person: { roleLevel },
  features,
})

/** Those that stand more than once. */
const doubled = (words: readonly string[]) => words.filter((word, n) => words.indexOf(word) !== n)

describe('the navigation', () => {
  it('fits into a head', () => {
    expect(entries.length).toBeLessThanOrEqual(18)
    expect(groups.length).toBeLessThanOrEqual(6)
    const largest = Math.max(...groups.map(group => entries.filter(one => one.group === group).length))
    const withoutGroup = entries.filter(one => !one.group).length
    expect(withoutGroup + groups.length + largest, 'lines at once').toBeLessThanOrEqual(12)
  })

  it('has no word twice, and no page has the name of another', () => {
    for (const text of languages) {
      expect(doubled([...groups, ...entries.map(one => one.name)].map(key => text[key]))).toEqual([])
      expect(doubled(pages.map(page => text[page.name]))).toEqual([])
      for (const { name } of entries)
        expect(
          doubled(tabsOf(name, viewer(level.system)).map(page => text[page.tab ?? page.name])),
          name,
        ).toEqual([])
    }
  })

  it('has the entries of a group beside each other, and pages behind each', () => {
    const order = entries.map(({ group }) => group).filter((group, n, all) => group !== all[n - 1])
    expect(doubled(order.flatMap(group => group ?? []))).toEqual([])
    expect(entriesFor(viewer(level.system))).toEqual(entries)
  })

  it('finds a page and a tab to mark for every address', () => {
    for (const page of pages) {
      expect(pageAt(page.path.replace('$id', '12').replace('/{-$tab}', '')), page.path).toBe(page)
      expect(pageAt(page.path.replace('$id', '12').replace('{-$tab}', 'settings')), page.path).toBe(page)
      const marked = tabsOf(page.entry, viewer(level.system)).filter(
        one => one.path === (page.under ?? page.path),
      )
      expect(marked, page.path).toHaveLength(1)
    }
    expect(pageAt('/console/directory/')).toBe(pageAt('/console/directory'))
    expect(pageAt('/console/nowhere')).toBeUndefined()
  })

  it('has nothing of what the corp does not use', () => {
    const shown = entriesFor(viewer(level.system, new Set())).map(one => one.name)
    expect(entries.map(one => one.name).filter(name => !shown.includes(name))).toEqual([
      'official',
      'payments',
    ])
    expect(tabsOf('logs', viewer(level.system, new Set())).map(page => page.name)).toEqual([
      'requests',
      'signIns',
      'peopleRead',
      'events',
    ])
    expect(pages.filter(page => /official|payments/.test(page.path) && !page.feature)).toEqual([])
  })

  it('leads from where objects were drawers of their lists to their pages, with the tab', () => {
    const led = (path: string, search: Record<string, string>) => movedTo(path, search)
    expect(led('/console/apps/developers', { open: 'wd1', part: 'limits', enabled: '1' })).toEqual({
      to: '/console/apps/developers/wd1/limits',
      search: { enabled: '1' },
    })
    expect(led('/console/official', { open: 'gh_1', tab: 'abilities' })?.to).toBe(
      '/console/official/accounts/gh_1/abilities',
    )
    expect(led('/console/payments/merchants', { open: '19' })?.to).toBe('/console/payments/merchants/19')
    expect(led('/console/apps', { open: 'a/b' })?.to).toBe('/console/apps/a%2Fb')
    expect(led('/console/apps', { open: 'new' })).toBeUndefined()
    expect(led('/console/messages', { open: '12' })).toBeUndefined()
  })

  it('shows somebody only what they may open', () => {
    const graded = entriesFor(viewer(level.graded)).map(one => one.name)
    expect(graded).toEqual(['overview', 'directory', 'helpDesk', 'official', 'payments', 'logs'])
    expect(entriesFor(viewer(level.helpDesk)).map(one => one.name)).toEqual(['helpDesk'])
    expect(tabsOf('logs', viewer(level.graded)).map(page => page.name)).toEqual(['officialPushes'])
    const withoutAccount = entriesFor({ ...viewer(level.graded), hasAccounts: false }).map(one => one.name)
    expect(withoutAccount).toEqual(['overview', 'directory', 'helpDesk', 'payments'])
    expect(tabsOf('payments', viewer(level.graded)).map(page => page.name)).toEqual(['payBills'])
    expect(tabsOf('access', viewer(level.superAdministrator)).map(page => page.name)).toEqual([
      'roles',
      'sessions',
      'signInWays',
      'adminTokens',
    ])
  })

  it('knows only settings of pages that there are, and addresses that no page has', () => {
    for (const { path } of settings) expect(pageAt(path)?.path).toBe(path)
    for (const path of Object.values(entryAddresses)) expect(pageAt(path)).toBeUndefined()
  })
})
