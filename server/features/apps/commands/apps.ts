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
import { said } from '../../../platform/command/language.ts'
import { integer, optionalSwitch, requiredText, text, toggle } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { keptDays } from '../../../platform/deleted/deleted.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import type { Words } from '../../../platform/words.ts'
import { type AppSettings, addApp, listApps, removeApp, setApp } from '../apps.ts'
import type { Apps } from '../catalog.ts'
import { toEveryone } from '../visibility.ts'
import { describeSync, syncAs } from './app-menu.ts'
import { appParts, toAppSettings } from './app-parts.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; mirrors: Pick<Mirrors, 'load'> }
/** Who sees the app, and its menu, take the address book. */
type SaveNeeds = Needs & { mirrors: Mirrors; outbound: Outbound; roles: Roles }

const agentPart = integer(
  '--agent <agentId>',
  { zh: '关联的企业微信应用', en: 'WeCom app linked to it' },
  agentIds,
)
const id = requiredText('<id>', { zh: '应用 id', en: 'app id' })
const sync = toggle('--no-sync', {
  zh: '开启同步的应用在保存后不立即同步菜单',
  en: 'an app with sync does not sync its menu right after it is saved',
})

const add = directoryCommand({
  path: 'app add',
  point: 'app:edit',
  summary: {
    zh: '在应用中心创建应用，默认全员可见；开启同步的应用随即同步菜单',
    en: 'Create an app in the app centre, by default visible to everyone; an app with sync syncs its menu at once',
  },
  parts: {
    corp: corpPart,
    name: requiredText('--name <text>', { zh: '名称', en: 'name' }),
    developer: text('--developer <devId>', { zh: '所属开发者', en: 'developer that it belongs to' }),
    agent: agentPart,
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
    const text = said({ zh: `已创建应用 ${name}: ${made.id}`, en: `created the app ${name}: ${made.id}` })
    if (!settings.syncMenu || !sync) return { data, text }
    const synced = await syncAs(ctx, corpId, made.id, undefined)
    return { data: { ...data, sync: synced }, text: `${text}\n${describeSync(synced)}` }
  },
})

const list = command({
  path: 'app list',
  point: 'app:read',
  summary: { zh: '列出应用中心的应用', en: 'List the apps of the app centre' },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const apps = await listApps(ctx, corpOf(ctx, corp))
    const rows = apps.map(app => [
      app.id,
      app.name,
      app.enabled ? said({ zh: '启用', en: 'enabled' }) : said({ zh: '停用', en: 'disabled' }),
      app.devId ?? '—',
      app.agentId ?? '—',
      app.syncMenu ? said({ zh: '同步', en: 'sync' }) : '—',
      app.homeUrl || app.mobileUrl || '—',
      when(app.createdAt),
    ])
    const heads = [
      'id',
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '状态', en: 'State' }),
      said({
        zh: '开发者',
        en: 'Developer',
      }),
      'AgentId',
      said({ zh: '菜单', en: 'Menu' }),
      said({ zh: '主页', en: 'Home page' }),
      said({ zh: '创建于', en: 'Created' }),
    ]
    return { data: apps, text: table(heads, rows) }
  },
})

const set = directoryCommand({
  path: 'app set',
  point: 'app:edit',
  summary: {
    zh: '修改应用；停用的应用其 jessionId 立即失效',
    en: 'Change an app; the jessionIds of a disabled app are revoked at once',
  },
  parts: {
    id,
    corp: corpPart,
    name: text('--name <text>', { zh: '名称', en: 'name' }),
    developer: text('--developer <devId>', {
      zh: '所属开发者；none 表示无',
      en: 'developer that it belongs to; none for none',
    }),
    agent: text('--agent <agentId>', {
      zh: '关联的企业微信应用；none 表示无',
      en: 'WeCom app linked to it; none for none',
    }),
    ...appParts,
    enable: toggle('--enable', { zh: '启用', en: 'enable it' }),
    disable: toggle('--disable', { zh: '停用', en: 'disable it' }),
    removeIcon: toggle('--remove-icon', { zh: '去掉图标', en: 'remove the icon' }),
    payShortcut: optionalSwitch('--pay-shortcut [on|off]', {
      zh: '一码通：其 jessionId 可查询待付款的账单，打开统一支付',
      en: 'pay shortcut (一码通): its jessionIds may ask for the bills that wait, and open payments',
    }),
    sync,
  },
  async run(
    ctx: SaveNeeds,
    { id, corp, name, developer, agent, enable, disable, removeIcon, payShortcut, sync, ...given },
  ) {
    if (enable && disable)
      throw new UsageError({ zh: '--enable 与 --disable 不能同用', en: '--enable excludes --disable' })
    const corpId = corpOf(ctx, corp)
    const known = ctx.apps.get(corpId, id).visibility
    const change: AppSettings = {
      ...givenOnly({
        name,
        devId: developer === 'none' ? null : developer,
        agentId: agent === 'none' ? null : agentPart.read(agent),
        enabled: enable ? true : disable ? false : undefined,
        payShortcut,
      }),
      ...(await toAppSettings(ctx, corpId, given, known)),
      ...(removeIcon ? { icon: null } : {}),
    }
    if (Object.keys(change).length === 0)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    const app = await setApp(ctx, actor, corpId, id, change)
    const data = { id, changed: Object.keys(change) }
    if (!change.syncUrl || !app.enabled || !sync) return { data, text: said({ zh: '已保存', en: 'saved' }) }
    const synced = await syncAs(ctx, corpId, id, undefined)
    return {
      data: { ...data, sync: synced },
      text: said({ zh: `已保存\n${describeSync(synced)}`, en: `saved\n${describeSync(synced)}` }),
    }
  },
})

function enabling(word: 'enable' | 'disable', summary: Words) {
  const enabled = word === 'enable'
  return command({
    path: `app ${word}`,
    point: 'app:edit',
    summary,
    parts: { id, corp: corpPart },
    async run(ctx: Needs, { id, corp }): Promise<Output> {
      const { name } = await setApp(ctx, actor, corpOf(ctx, corp), id, { enabled })
      return {
        data: { id, enabled },
        text: `${enabled ? said({ zh: '已启用', en: 'enabled' }) : said({ zh: '已停用', en: 'revoked' })} ${name}`,
      }
    },
  })
}

const remove = command({
  path: 'app remove',
  point: 'app:edit',
  summary: {
    zh: '删除应用，连同菜单、登录设置和待办；其 jessionId 立即失效；30 天内可以用 deleted restore 恢复（待办除外）',
    en: 'Delete an app with its menu, sign-in settings and to-dos; its jessionIds are revoked at once; deleted restore brings it back within 30 days, without the to-dos',
  },
  parts: { id, corp: corpPart },
  async run(ctx: Needs & { offered: FeatureOffers }, { id, corp }) {
    await removeApp(ctx, actor, corpOf(ctx, corp), id)
    return {
      data: { id },
      text: said({
        zh: `已删除，${keptDays} 天内可以恢复: wisp deleted restore app ${id}`,
        en: `deleted; within ${keptDays} days it can be restored: wisp deleted restore app ${id}`,
      }),
    }
  },
})

export const appCommands = [
  add,
  list,
  set,
  enabling('enable', { zh: '启用应用', en: 'Enable an app' }),
  enabling('disable', {
    zh: '停用应用；其 jessionId 立即失效',
    en: 'Disable an app; its jessionIds are revoked at once',
  }),
  remove,
]
