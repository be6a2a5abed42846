import { type AppSettings, addApp, listApps, setApp } from '../apps/apps.ts'
import { actor } from './actor.ts'
import { type Command, command, givenOnly, UsageError } from './command.ts'
import { agentIds, corpOf, corpPart, integer, requiredText, text, toggle } from './parts.ts'
import { table, when } from './text.ts'

const add = command({
  path: 'app add',
  summary: '在应用中心创建应用',
  parts: {
    corp: corpPart,
    name: requiredText('--name <text>', '名称'),
    developer: text('--developer <devId>', '所属开发者'),
    agent: integer('--agent <agentId>', '关联的企业微信应用', agentIds),
  },
  async run(ctx, { corp, name, developer, agent }) {
    const corpId = corpOf(ctx, corp)
    const { id } = await addApp(ctx, actor, corpId, {
      name,
      ...givenOnly({ devId: developer, agentId: agent }),
    })
    return { data: { id, corpId, name }, text: `已创建应用 ${name}: ${id}` }
  },
})

const list = command({
  path: 'app list',
  summary: '列出应用中心的应用',
  parts: { corp: corpPart },
  async run(ctx, { corp }) {
    const apps = await listApps(ctx, corpOf(ctx, corp))
    const rows = apps.map(app => [
      app.id,
      app.name,
      app.enabled ? '启用' : '停用',
      app.devId ?? '—',
      app.agentId ?? '—',
      when(app.createdAt),
    ])
    return { data: apps, text: table(['id', '名称', '状态', '开发者', 'AgentId', '创建于'], rows) }
  },
})

const set = command({
  path: 'app set',
  summary: '修改应用；停用的应用其 jessionId 立即失效',
  parts: {
    id: requiredText('<id>', '应用 id'),
    corp: corpPart,
    name: text('--name <text>', '名称'),
    developer: text('--developer <devId>', '所属开发者；none 表示无'),
    agent: text('--agent <agentId>', '关联的企业微信应用；none 表示无'),
    enable: toggle('--enable', '启用'),
    disable: toggle('--disable', '停用'),
  },
  async run(ctx, { id, corp, name, developer, agent, enable, disable }) {
    if (enable && disable) throw new UsageError('--enable 与 --disable 不能同用')
    const change: AppSettings = givenOnly({
      name,
      devId: developer === 'none' ? null : developer,
      agentId: agent === 'none' ? null : integer('--agent <agentId>', '', agentIds).read(agent),
      enabled: enable ? true : disable ? false : undefined,
    })
    if (Object.keys(change).length === 0) throw new UsageError('没有要修改的设置')
    await setApp(ctx, actor, corpOf(ctx, corp), id, change)
    return { data: { id, changed: Object.keys(change) }, text: '已保存' }
  },
})

export const appCommands: Command[] = [add, list, set]
