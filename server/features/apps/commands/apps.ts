import type { Developers } from '../../../callers/developers/developers.ts'
import { agentIds, corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import { actor } from '../../../platform/command/actor.ts'
import {
  command,
  directoryCommand,
  givenOnly,
  type Output,
  UsageError,
} from '../../../platform/command/command.ts'
import { integer, optionalSwitch, requiredText, text, toggle } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { keptDays } from '../../../platform/deleted/deleted.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type AppSettings, addApp, listApps, removeApp, setApp } from '../apps.ts'
import type { Apps } from '../catalog.ts'
import { toEveryone } from '../visibility.ts'
import { describeSync, syncAs } from './app-menu.ts'
import { appParts, toAppSettings } from './app-parts.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; mirrors: Pick<Mirrors, 'load'> }
/** Who sees the app, and its menu, take the address book. */
type SaveNeeds = Needs & { mirrors: Mirrors; outbound: Outbound; roles: Roles }

const id = requiredText('<id>', '应用 id')
const sync = toggle('--no-sync', '开启同步的应用在保存后不立即同步菜单')

const add = directoryCommand({
  path: 'app add',
  point: 'app:edit',
  summary: '在应用中心创建应用，默认全员可见；开启同步的应用随即同步菜单',
  parts: {
    corp: corpPart,
    name: requiredText('--name <text>', '名称'),
    developer: text('--developer <devId>', '所属开发者'),
    agent: integer('--agent <agentId>', '关联的企业微信应用', agentIds),
    ...appParts,
    sync,
  },
  async run(ctx: SaveNeeds, { corp, name, developer, agent, sync, ...given }) {
    const corpId = corpOf(ctx, corp)
    const settings = await toAppSettings(ctx, corpId, given, toEveryone)
    const made = await addApp(ctx, actor, corpId, {
      name,
      ...givenOnly({ devId: developer, agentId: agent }),
      ...settings,
    })
    const data = { id: made.id, corpId, name }
    const text = `已创建应用 ${name}: ${made.id}`
    if (!settings.syncMenu || !sync) return { data, text }
    const synced = await syncAs(ctx, corpId, made.id, undefined)
    return { data: { ...data, sync: synced }, text: `${text}\n${describeSync(synced)}` }
  },
})

const list = command({
  path: 'app list',
  point: 'app:read',
  summary: '列出应用中心的应用',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const apps = await listApps(ctx, corpOf(ctx, corp))
    const rows = apps.map(app => [
      app.id,
      app.name,
      app.enabled ? '启用' : '停用',
      app.devId ?? '—',
      app.agentId ?? '—',
      app.syncMenu ? '同步' : '—',
      app.homeUrl || app.mobileUrl || '—',
      when(app.createdAt),
    ])
    const heads = ['id', '名称', '状态', '开发者', 'AgentId', '菜单', '主页', '创建于']
    return { data: apps, text: table(heads, rows) }
  },
})

const set = directoryCommand({
  path: 'app set',
  point: 'app:edit',
  summary: '修改应用；停用的应用其 jessionId 立即失效',
  parts: {
    id,
    corp: corpPart,
    name: text('--name <text>', '名称'),
    developer: text('--developer <devId>', '所属开发者；none 表示无'),
    agent: text('--agent <agentId>', '关联的企业微信应用；none 表示无'),
    ...appParts,
    enable: toggle('--enable', '启用'),
    disable: toggle('--disable', '停用'),
    removeIcon: toggle('--remove-icon', '去掉图标'),
    payShortcut: optionalSwitch(
      '--pay-shortcut [on|off]',
      '一码通：其 jessionId 可查询待付款的账单，打开统一支付',
    ),
    sync,
  },
  async run(
    ctx: SaveNeeds,
    { id, corp, name, developer, agent, enable, disable, removeIcon, payShortcut, sync, ...given },
  ) {
    if (enable && disable) throw new UsageError('--enable 与 --disable 不能同用')
    const corpId = corpOf(ctx, corp)
    const known = ctx.apps.get(corpId, id).visibility
    const change: AppSettings = {
      ...givenOnly({
        name,
        devId: developer === 'none' ? null : developer,
        agentId: agent === 'none' ? null : integer('--agent <agentId>', '', agentIds).read(agent),
        enabled: enable ? true : disable ? false : undefined,
        payShortcut,
      }),
      ...(await toAppSettings(ctx, corpId, given, known)),
      ...(removeIcon ? { icon: null } : {}),
    }
    if (Object.keys(change).length === 0) throw new UsageError('没有要修改的设置')
    const app = await setApp(ctx, actor, corpId, id, change)
    const data = { id, changed: Object.keys(change) }
    if (!change.syncUrl || !app.enabled || !sync) return { data, text: '已保存' }
    const synced = await syncAs(ctx, corpId, id, undefined)
    return { data: { ...data, sync: synced }, text: `已保存\n${describeSync(synced)}` }
  },
})

function enabling(word: 'enable' | 'disable', summary: string) {
  const enabled = word === 'enable'
  return command({
    path: `app ${word}`,
    point: 'app:edit',
    summary,
    parts: { id, corp: corpPart },
    async run(ctx: Needs, { id, corp }): Promise<Output> {
      const { name } = await setApp(ctx, actor, corpOf(ctx, corp), id, { enabled })
      return { data: { id, enabled }, text: `${enabled ? '已启用' : '已停用'} ${name}` }
    },
  })
}

const remove = command({
  path: 'app remove',
  point: 'app:edit',
  summary:
    '删除应用，连同菜单、登录设置和待办；其 jessionId 立即失效；30 天内可以用 deleted restore 恢复（待办除外）',
  parts: { id, corp: corpPart },
  async run(ctx: Needs & { offered: FeatureOffers }, { id, corp }) {
    await removeApp(ctx, actor, corpOf(ctx, corp), id)
    return { data: { id }, text: `已删除，${keptDays} 天内可以恢复: wisp deleted restore app ${id}` }
  },
})

export const appCommands = [
  add,
  list,
  set,
  enabling('enable', '启用应用'),
  enabling('disable', '停用应用；其 jessionId 立即失效'),
  remove,
]
