import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, UsageError } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
import { requiredText } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { listDeleted } from '../../platform/deleted/deleted.ts'
import { type RestoreNeeds, restoreDeleted } from './restore.ts'

const words = {
  app: { zh: '应用', en: 'App' },
  developer: {
    zh: '开发者',
    en: 'developer',
  },
}

const list = command({
  path: 'deleted list',
  point: 'deleted:read',
  summary: {
    zh: '列出 30 天内删除、可以恢复的应用和开发者',
    en: 'List apps and developers that were deleted within 30 days and can be restored',
  },
  parts: { corp: corpPart },
  async run(ctx: Core & { corps: Corps }, { corp }) {
    const found = await listDeleted(ctx, corpOf(ctx, corp))
    const rows = found.map(one => [
      one.kind,
      one.id,
      one.name,
      when(one.deletedAt),
      one.deletedBy,
      when(one.endsAt),
    ])
    const heads = [
      said({ zh: '类别', en: 'Kind' }),
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '删除于', en: 'Deleted' }),
      said({ zh: '删除者', en: 'By' }),
      said({ zh: '可恢复至', en: 'Can be restored until' }),
    ]
    return {
      data: found,
      text: table(heads, rows, {
        zh: '没有可以恢复的应用和开发者',
        en: 'no apps and developers can be restored',
      }),
    }
  },
})

const restore = command({
  path: 'deleted restore',
  point: 'deleted:restore',
  summary: {
    zh: '恢复删除的应用或开发者，编号和密钥与删除前相同',
    en: 'Restore a deleted app or developer with the same id and secrets',
  },
  parts: {
    kind: requiredText('<kind>', { zh: 'app 或 developer', en: 'app or developer' }),
    id: requiredText('<id>', {
      zh: '应用 id 或 devId，见 deleted list',
      en: 'app id or devId, see deleted list',
    }),
    corp: corpPart,
  },
  async run(ctx: RestoreNeeds & { corps: Corps }, { kind, id, corp }) {
    if (kind !== 'app' && kind !== 'developer')
      throw new UsageError({
        zh: `<kind> 应为 app 或 developer，收到 ${kind}`,
        en: `<kind> takes app or developer, not ${kind}`,
      })
    const done = await restoreDeleted(ctx, actor, corpOf(ctx, corp), { kind, id })
    const same =
      done.sameName.length > 0
        ? said({
            zh: `\n注意：现在有同名的${words[kind].zh} ${done.sameName.join('、')}`,
            en: `\nnote: there is another ${words[kind].en} of this name now: ${done.sameName.join(', ')}`,
          })
        : ''
    return {
      data: done,
      text: said({
        zh: `已恢复${words[kind].zh} ${done.name} (${id})${same}`,
        en: `restored the ${words[kind].en} ${done.name} (${id})${same}`,
      }),
    }
  },
})

export const deletedCommands = [list, restore]
