import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, UsageError } from '../../platform/command/command.ts'
import { requiredText } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { listDeleted } from '../../platform/deleted/deleted.ts'
import { type RestoreNeeds, restoreDeleted } from './restore.ts'

const words = { app: '应用', developer: '开发者' }

const list = command({
  path: 'deleted list',
  point: 'deleted:read',
  summary: '列出 30 天内删除、可以恢复的应用和开发者',
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
    const heads = ['类别', '编号', '名称', '删除于', '删除者', '可恢复至']
    return { data: found, text: table(heads, rows, '没有可以恢复的应用和开发者') }
  },
})

const restore = command({
  path: 'deleted restore',
  point: 'deleted:restore',
  summary: '恢复删除的应用或开发者，编号和密钥与删除前相同',
  parts: {
    kind: requiredText('<kind>', 'app 或 developer'),
    id: requiredText('<id>', '应用 id 或 devId，见 deleted list'),
    corp: corpPart,
  },
  async run(ctx: RestoreNeeds & { corps: Corps }, { kind, id, corp }) {
    if (kind !== 'app' && kind !== 'developer')
      throw new UsageError(`<kind> 应为 app 或 developer，收到 ${kind}`)
    const done = await restoreDeleted(ctx, actor, corpOf(ctx, corp), { kind, id })
    const same =
      done.sameName.length > 0 ? `\n注意：现在有同名的${words[kind]} ${done.sameName.join('、')}` : ''
    return { data: done, text: `已恢复${words[kind]} ${done.name} (${id})${same}` }
  },
})

export const deletedCommands = [list, restore]
