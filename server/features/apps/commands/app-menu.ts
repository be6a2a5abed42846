import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import {
  administratorName,
  memberPerson,
  type Roles,
  roleLevel,
} from '../../../organisation/directory/permissions/person.ts'
import { memberOf } from '../../../organisation/people/administrators.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
import { anyId, integer, requiredText, text, toggle } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import type { Apps } from '../catalog.ts'
import type { Menu } from '../menus/menu.ts'
import { type SyncOutcome, syncMenu } from '../menus/menu-sync.ts'
import { menuVersionsOf, rollBackMenu } from '../menus/versions.ts'
import { attemptIn } from '../store.ts'

type Needs = Core & { apps: Apps; corps: Corps }
type SyncNeeds = Needs & { mirrors: Mirrors; outbound: Outbound; roles: Roles }

const id = requiredText('<id>', { zh: '应用 id', en: 'app id' })

/** Syncs as the local administrator, unless a member is named. */
export async function syncAs(
  ctx: SyncNeeds,
  corpId: string,
  appId: string,
  userId: string | undefined,
): Promise<SyncOutcome> {
  const person =
    userId === undefined
      ? {
          corpId,
          roleLevel: roleLevel.system,
          assigned: [],
          member: undefined,
          adminName: administratorName,
        }
      : memberPerson(ctx, corpId, memberOf(ctx, corpId, userId))
  const synced = await syncMenu(ctx, { ...person, actor }, ctx.apps.get(corpId, appId))
  return attemptIn(commandLanguage(), synced)
}

export function describeSync(outcome: SyncOutcome): string {
  if (outcome.outcome === 'failed')
    return said({ zh: `菜单没有同步：${outcome.error}`, en: `the menu was not synced: ${outcome.error}` })
  const what =
    outcome.outcome === 'new'
      ? said({ zh: `菜单已同步为版本 ${outcome.n}`, en: `the menu was synced as version ${outcome.n}` })
      : said({
          zh: `菜单没有变化，仍是版本 ${outcome.n}`,
          en: `the menu has not changed, it is still version ${outcome.n}`,
        })
  return said({ zh: `${what}，共 ${outcome.items} 项`, en: `${what}, ${outcome.items} items` })
}

const sync = directoryCommand({
  path: 'app sync',
  point: 'app:edit',
  summary: {
    zh: '同步应用的菜单；答复有误时原菜单保持不变，退出码 1',
    en: 'Sync the menu of an app; if the response is bad the old menu stays and the exit code is 1',
  },
  parts: {
    id,
    corp: corpPart,
    as: text('--as <userId>', {
      zh: '以哪个成员的身份；默认系统管理员',
      en: 'member in whose name it is asked; by default a system administrator',
    }),
  },
  async run(ctx: SyncNeeds, { id, corp, as }) {
    const outcome = await syncAs(ctx, corpOf(ctx, corp), id, as)
    return { data: outcome, text: describeSync(outcome), failed: outcome.outcome === 'failed' }
  },
})

const menu = command({
  path: 'app menu',
  point: 'app:edit',
  summary: {
    zh: '显示应用的菜单或其版本，或恢复到某个版本',
    en: 'Show the menu of an app or its versions, or return to a version',
  },
  parts: {
    id,
    corp: corpPart,
    versions: toggle('--versions', { zh: '列出保留的版本', en: 'list the versions that are kept' }),
    rollback: integer('--rollback <n>', { zh: '恢复到这个版本', en: 'return to this version' }, anyId),
  },
  async run(ctx: Needs, { id, corp, versions, rollback }) {
    const app = ctx.apps.get(corpOf(ctx, corp), id)
    if (rollback !== undefined) {
      const done = await rollBackMenu(ctx, actor, app, rollback)
      return {
        data: done,
        text: said({
          zh: `当前菜单是版本 ${done.n}，内容与版本 ${rollback} 相同`,
          en: `the menu is now version ${done.n}, with the content of version ${rollback}`,
        }),
      }
    }
    if (versions) {
      const all = await menuVersionsOf(ctx, app)
      const rows = all.map(one => [
        one.n,
        one.isCurrent ? said({ zh: '当前', en: 'current' }) : '',
        one.source,
        one.items,
        one.actor,
        when(one.createdAt),
      ])
      return {
        data: all,
        text: table(
          [
            { zh: '版本', en: 'Version' },
            '',
            { zh: '来源', en: 'Source' },
            { zh: '项数', en: 'Items' },
            { zh: '操作人', en: 'By' },
            { zh: '时间', en: 'Time' },
          ],
          rows,
        ),
      }
    }
    const now = await ctx.apps.menuOf(app)
    return {
      data: { n: app.menuN, menuList: now },
      text: now.length > 0 ? outline(now, 0) : said({ zh: '没有菜单', en: 'no menu' }),
    }
  },
})

function outline(menu: Menu, depth: number): string {
  return menu
    .flatMap(item => {
      const line = `${'  '.repeat(depth)}${item.name}${item.path ? `  ${item.path}` : ''}`
      return item.children.length > 0 ? [line, outline(item.children, depth + 1)] : [line]
    })
    .join('\n')
}

export const appMenuCommands = [sync, menu]
