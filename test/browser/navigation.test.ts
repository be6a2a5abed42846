import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { entries, entryAddresses } from '../../web/console/entries.ts'
import { acts, actsOf, leftOf } from '../../web/console/frame/search/acts.ts'
import { movedTo } from '../../web/console/moved.ts'
import { objectTabs } from '../../web/console/object-tabs.ts'
import { pages } from '../../web/console/pages.ts'
import { entriesFor, linkedFrom, pageAt, tabsOf } from '../../web/console/place.ts'
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
    expect(entries.length).toBeLessThanOrEqual(14)
    expect(groups.length).toBeLessThanOrEqual(5)
    const largest = Math.max(...groups.map(group => entries.filter(one => one.group === group).length))
    const withoutGroup = entries.filter(one => !one.group).length
    expect(withoutGroup + groups.length + largest, 'lines at once').toBeLessThanOrEqual(12)
  })

  it('has 60 tabs at most, in one row', () => {
    const rows = [
      ...entries.map(({ name }) => tabsOf(name, viewer(level.system)).length),
      ...Object.values(objectTabs).map(tabs => tabs.length),
    ]
    // A row of one is not shown.
    const shown = rows.filter(tabs => tabs > 1)
    expect(shown.reduce((sum, tabs) => sum + tabs, 0)).toBeLessThanOrEqual(60)
    expect(Math.max(...shown)).toBeLessThanOrEqual(7)
    expect(Object.keys(objectTabs).sort()).toEqual(
      pages
        .filter(page => page.isObject)
        .map(page => page.name)
        .sort(),
    )
  })

  it('has rows of tabs above entries and objects, and in no page', () => {
    const using = (what: RegExp) =>
      globSync('web/{console,developer,ui}/**/*.{ts,tsx}').filter(file =>
        what.test(readFileSync(file, 'utf8')),
      )
    expect(using(/import \{[^}]*\bTabs\b[^}]*\} from 'antd'/)).toEqual([])
    expect(using(/<TabBar\b/).sort()).toEqual([
      'web/console/frame/entry-frame.tsx',
      'web/ui/objects/object-page.tsx',
    ])
  })

  it('leads to every page that is no tab of its own', () => {
    const linked = pages.flatMap(page => linkedFrom(page, viewer(level.system)))
    expect(linked.map(page => page.name).sort()).toEqual(
      pages
        .filter(page => page.isLinked)
        .map(page => page.name)
        .sort(),
    )
    for (const page of pages.filter(one => one.isLinked)) expect(page.under, page.path).toBeDefined()
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
      'personal',
      'events',
      'audit',
    ])
    expect(pages.filter(page => /official|payments/.test(page.path) && !page.feature)).toEqual([])
  })

  it('leads from every address that pages had to one that there is', () => {
    const led = (address: string) => {
      const { pathname, searchParams } = new URL(address, 'http://wisp')
      const moved = movedTo({ path: pathname, search: Object.fromEntries(searchParams) })
      const query = new URLSearchParams(moved?.search)
      return moved && (query.size > 0 ? `${moved.path}?${query}` : moved.path)
    }
    const moved = {
      '/console/alerts': '/console',
      '/console/apps/announcements?open=3': '/console/messages/announcements?open=3',
      '/console/messages?compose=new': '/console/messages/send',
      '/console/messages?compose=lisi': '/console/messages/send?to=lisi',
      '/console/apps/menus': '/console/apps',
      '/console/apps/menus?app=a1': '/console/apps/a1/menu',
      '/console/apps/menus?app=a1&tab=versions&open=2': '/console/apps/a1/menu?open=2&tab=versions',
      '/console/apps/a1/attempts': '/console/apps/a1/menu?tab=attempts',
      '/console/apps?open=a%2Fb': '/console/apps/a%2Fb',
      '/console/apps?open=a1&tab=versions': '/console/apps/a1/menu?tab=versions',
      '/console/apps/developers?open=wd1&part=limits&enabled=1':
        '/console/apps/developers/wd1/usage?enabled=1&tab=limits',
      '/console/apps/developers/wd1/owners': '/console/apps/developers/wd1?tab=owners',
      '/developer/wd1?part=sample': '/developer/wd1/secrets?tab=sample',
      '/console/official?open=gh_1&tab=abilities': '/console/official/accounts/gh_1?tab=abilities',
      '/console/payments/merchants?open=19': '/console/payments/merchants/19',
      '/console/system/corps?tab=settings': '/console/system/corps/settings',
      '/console/system/corps?tab=agents': '/console/system/corps/agents',
      '/console/system/corps?tab=brand': '/console/system/corps/look',
      '/console/system/corps/agents/1000002/pushes?state=parked':
        '/console/system/corps/agents/1000002/hears?state=parked&tab=pushes',
      '/console/operator/ww1/quotas': '/console/operator/ww1?tab=quotas',
    }
    expect(Object.fromEntries(Object.keys(moved).map(address => [address, led(address)]))).toEqual(moved)
    for (const to of Object.values(moved)) {
      expect(led(to), to).toBeUndefined()
      if (to.startsWith('/console')) expect(pageAt(to.replace(/\?.*/, '')), to).toBeDefined()
    }
    for (const stays of ['/console/apps?open=new', '/console/messages?open=12', '/console/system/corps'])
      expect(led(stays), stays).toBeUndefined()
    for (const { path } of pages)
      expect(led(path.replace('/{-$tab}', '').replace('$id', '1')), path).toBeUndefined()
  })

  it('knows what is asked to be done, and to whom', () => {
    const asked = (typed: string) =>
      actsOf.flatMap(act => {
        const left = leftOf(typed, act.words)
        return left === undefined ? [] : [`${act.name} ${left}`]
      })
    expect(asked('暂停企业')).toEqual(['actSuspend '])
    expect(asked('换密钥 后勤系统')).toEqual(['actRotate 后勤系统'])
    expect(asked('后勤系统的更换密钥')).toEqual(['actRotate 后勤系统'])
    expect(asked('rotate secret of Logistics')).toEqual(['actRotate logistics'])
    expect(asked('为什么张三没收到？')).toEqual(['actWhy 张三'])
    expect(asked('why did zhangsan not receive')).toEqual(['actWhy zhangsan'])
    expect(asked('发消息给 李四')).toEqual(['actCompose 李四'])
    expect(asked('张三')).toEqual([])
    for (const { place } of acts) expect(pageAt(place.path), place.path).toBeDefined()
    for (const { place } of actsOf) expect(pageAt(place('1').path), place('1').path).toBeDefined()
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
      'signInWays',
      'adminTokens',
    ])
  })

  it('knows only settings of pages that there are, and addresses that no page has', () => {
    for (const { path } of settings) expect(pageAt(path)?.path).toBe(path)
    for (const path of Object.values(entryAddresses)) expect(pageAt(path)).toBeUndefined()
  })
})
