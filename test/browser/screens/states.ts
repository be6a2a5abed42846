import type { BrowserContext, Route } from 'playwright-core'
import type { ConsolePage } from '../../../web/console/console-page.ts'
import { objectTabs } from '../../../web/console/object-tabs.ts'
import { pages } from '../../../web/console/pages.ts'
import { openDemo, openNew, type ScreenPlace } from './places.ts'

const forms = [
  '/console/directory/roles?open=new',
  '/console/official/replies?rule=new',
  '/console/official/drafts?open=new',
  '/console/apps?open=new',
  '/console/apps?program=any',
  '/console/apps?program=grafana',
  '/console/system/admin-tokens?open=new',
  '/console/apps/developers?open=new',
  '/console/messages/announcements?open=new',
  '/console/messages/send',
  '/console/messages/robots?open=new',
  '/console/official?open=new',
  '/console/official/mass?compose=new',
  '/console/payments/bills?create=1',
  '/console/official/conversations?replies=1&reply=new',
  '/console/payments/merchants?open=new',
]

const pathOf = (page: ConsolePage) => page.path.replace('/{-$tab}', '')
const consolePaths = pages.map(pathOf)
const tabsOf: Readonly<Record<string, readonly string[]>> = objectTabs
/** The first tab has the address of the page itself. */
const withTabs = (page: ConsolePage) => [
  pathOf(page),
  ...(tabsOf[page.name] ?? []).slice(1).map(tab => `${pathOf(page)}/${tab}`),
]

/** Opened by a member who has messages and bills and owns developers; all other pages by the administrator. */
const memberPaths = [
  ...['/portal', '/mobile', '/mobile?tab=messages', '/mobile?tab=me'],
  ...['/pay/', '/pay/bill/1', '/pay/history', '/developer', '/no/such/page'],
]

export type State = {
  name: string
  open(): Promise<ScreenPlace>
  paths: readonly string[]
  /** Whose pages they are; undefined is the system's administrator. */
  as(path: string): string | undefined
  /** What is tried again before it is given up takes its time. */
  settleMs?: number
  /** What happens to calls of the pages. */
  disturb?(context: BrowserContext): Promise<unknown>
}

const memberOrSystem = (path: string) => (memberPaths.includes(path) ? 'zhangsan' : undefined)
const shown = [...consolePaths, ...memberPaths]

/** Who somebody is and which corp is open is known: all else fails. */
const failing = (how: (route: Route) => Promise<void>) => (context: BrowserContext) =>
  context.route(
    url => url.pathname.startsWith('/web/') && !/^\/web\/(session|alerts)$/.test(url.pathname),
    how,
  )

const answer = (status: number, retCode: string, retMessage: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: 'application/json',
    headers: { 'x-request-id': 'n1-4f2a' },
    body: JSON.stringify({ retCode, retMessage, body: null }),
  })

export const states: readonly State[] = [
  {
    name: 'full',
    open: openDemo,
    paths: [...pages.flatMap(withTabs), ...forms, ...memberPaths],
    as: memberOrSystem,
  },
  {
    name: 'day-one',
    open: () => openNew({ isEmpty: true }),
    paths: [
      ...pages.filter(page => page.withoutCorp).map(page => page.path),
      '/console/directory',
      '/signin',
    ],
    as: () => undefined,
  },
  {
    name: 'empty',
    open: () => openNew({ isBare: true }),
    paths: shown.filter(path => !path.includes('$id')),
    as: memberOrSystem,
  },
  { name: 'locked', open: openDemo, paths: consolePaths, as: () => 'lisi' },
  {
    name: 'broken',
    open: openDemo,
    paths: shown,
    as: memberOrSystem,
    disturb: failing(answer(500, '9999', '系统异常')),
  },
  {
    name: 'away',
    open: openDemo,
    paths: shown,
    as: memberOrSystem,
    disturb: failing(answer(503, '1013', '服务暂不可用: 数据库暂时连接不上')),
  },
  {
    name: 'offline',
    open: openDemo,
    settleMs: 4000,
    paths: shown,
    as: memberOrSystem,
    disturb: failing(route => route.abort('internetdisconnected')),
  },
]
