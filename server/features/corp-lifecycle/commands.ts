import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, type Io } from '../../platform/command/command.ts'
import { expectNode, follow, here } from '../../platform/command/node-work.ts'
import { fileOrOutput, requiredText, text, toggle } from '../../platform/command/parts.ts'
import { facts, table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { formatCount } from '../../platform/format.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { exportCorp, exportCorpToFile } from './export/export-corp.ts'
import { listRemovals, type Removal } from './removal/removal-store.ts'
import { removeCorp } from './removal/remove-corp.ts'
import { corpState, sumOf } from './state.ts'
import { resumeCorp, suspendCorp } from './suspend.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers; queue: Queue }

const namedCorp = requiredText('<corpId>', '哪个企业')

const suspend = command({
  path: 'corp suspend',
  point: 'operator:edit',
  summary: '暂停企业：登录与调用被拒绝，推送照常保存，进行中的支付与退款照常结束；再次执行可改原因',
  parts: {
    corp: corpPart,
    reason: requiredText('--reason <text>', '原因，企业的成员和开发者会看到，最长 200 个字符'),
  },
  async run(ctx: Needs, { corp, reason }) {
    const corpId = corpOf(ctx, corp)
    await suspendCorp(ctx, actor, corpId, { reason })
    return { data: { corpId, suspended: true, reason }, text: `已暂停 ${corpId}：${reason}` }
  },
})

const resume = command({
  path: 'corp resume',
  point: 'operator:edit',
  summary: '恢复暂停的企业：保存的推送、等待的消息与事件继续处理，并做一次全量同步',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    await resumeCorp(ctx, actor, corpId)
    return { data: { corpId, suspended: false }, text: `已恢复 ${corpId}，全量同步已排队` }
  },
})

const status = command({
  path: 'corp status',
  point: 'operator:read',
  summary: '企业是否暂停、何时可以删除、还缺什么，删除到了哪里',
  parts: { corp: namedCorp },
  async run(ctx: Needs, { corp }) {
    const state = await corpState(ctx, corp)
    const { suspension, lastExport, obstacles, removal } = state
    const states = { open: '正常', suspended: '已暂停', removing: '正在删除', removed: '已删除' }
    const suspended: [string, string][] = suspension
      ? [
          ['暂停于', `${when(suspension.at)}（${suspension.by}）`],
          ['原因', suspension.reason],
        ]
      : []
    const head = facts([
      ['企业', `${state.name}（${corp}）`],
      ['状态', states[state.state]],
      ...suspended,
      ['可删除自', when(state.removableFrom, '—')],
      ['最近导出', lastExport ? `${when(lastExport.exportedAt)} ${lastExport.sha256}` : '—'],
    ])
    const missing = obstacles.map(one => `- ${one.words.zh}`).join('\n')
    const texts = [head, missing && `删除之前：\n${missing}`, removal && removalText(removal)]
    const view = { ...state, obstacles: obstacles.map(({ what, words }) => ({ what, text: words.zh })) }
    return { data: view, text: texts.filter(Boolean).join('\n\n') }
  },
})

const exportWhole = command({
  path: 'corp export',
  point: 'operator:export',
  summary: '把企业的全部数据（含文件，不含密钥）写到一个新文件；删除企业之前须先导出；- 表示写到标准输出',
  details:
    '文件是 gzip 压缩的 JSON 行：第一行说明企业、时间和略去的列，每张表一行表名与列名，随后每行一条记录，最后一行是各表行数与校验和。密钥等封存的列不写入。',
  parts: { file: fileOrOutput('<file>', '要写的文件，须不存在；- 表示标准输出'), corp: corpPart },
  async run(ctx: Needs, { file, corp }, io) {
    const corpId = corpOf(ctx, corp)
    const options = { signal: io.signal, onProgress: progressTo(io) }
    const done =
      file === '-'
        ? await exportCorp(ctx, actor, corpId, io.output(), async () => {}, options)
        : await exportCorpToFile(ctx, actor, corpId, file, options)
    const where = file === '-' ? '标准输出' : file
    const told = facts([
      ['文件', where],
      ['SHA-256', done.sha256],
      ['大小', `${formatCount(done.bytes)} 字节`],
      ['行数', formatCount(sumOf(done.rows))],
    ])
    return { data: { corpId, file, ...done }, text: `已导出 ${corpId}\n${told}` }
  },
})

const remove = command({
  path: 'corp delete',
  point: 'operator:delete',
  summary: '删除企业的全部数据，由节点执行，显示进度直到结束；须已暂停 7 天、已导出、没有未结束的支付与退款',
  details: '不改变企业微信。中断等待不影响删除；节点停止后由其他节点继续。',
  parts: {
    corp: namedCorp,
    confirm: requiredText('--confirm <corpId>', '再次输入企业 ID'),
    wait: toggle('--no-wait', '只开始，不等待结束'),
    here,
  },
  async run(ctx: Needs, { corp: corpId, confirm, ...how }, io) {
    await expectNode(ctx, { stream: 'corp-removal', corpId }, how, io)
    await removeCorp(ctx, actor, corpId, confirm)
    if (!how.wait) return { data: { corpId, state: 'removing' }, text: `开始删除 ${corpId}` }
    const end = await follow(ctx, io, () => look(ctx, corpId), how)
    return { data: end, text: removalText(end) }
  },
})

async function look(ctx: Core, corpId: string): Promise<{ line: string; end?: Removal }> {
  const [removal] = await listRemovals(ctx.db, corpId, { limit: 1 })
  if (!removal) throw new Error('the deletion is not there')
  const line = `已删除 ${formatCount(sumOf(removal.rows))} 行`
  return removal.endedAt ? { line, end: removal } : { line }
}

const removals = command({
  path: 'corp removals',
  point: 'operator:read',
  summary: '删除过的企业：何时、由谁、各表删除了多少行',
  parts: { corp: text('--corp <corpId>', '只看一个企业，并列出各表') },
  async run(ctx: Needs, { corp }) {
    const list = await listRemovals(ctx.db, corp, { limit: 100 })
    if (corp !== undefined) return { data: list, text: list.map(removalText).join('\n\n') || '没有删除过' }
    const rows = list.map(one => [
      one.corpId,
      one.name,
      when(one.begunAt),
      when(one.endedAt, '正在删除'),
      one.begunBy,
      formatCount(sumOf(one.rows)),
    ])
    const heads = ['企业 ID', '名称', '开始于', '结束于', '操作人', '删除的行']
    return { data: list, text: table(heads, rows, '没有删除过企业') }
  },
})

function removalText({ corpId, name, begunAt, endedAt, begunBy, exportSha256, rows }: Removal): string {
  const head = facts([
    ['企业', `${name}（${corpId}）`],
    ['删除', `${when(begunAt)} 至 ${when(endedAt, '正在删除')}，${begunBy}`],
    ['导出文件', exportSha256],
    ['删除的行', formatCount(sumOf(rows))],
  ])
  const counts = Object.entries(rows).sort(([, a], [, b]) => b - a)
  return `${head}\n\n${table(
    ['表', '行数'],
    counts.map(([name, n]) => [name, formatCount(n)]),
    '',
  )}`
}

const noteEvery = 20_000

function progressTo(io: Io): (table: string, rows: number) => void {
  const noted = new Map<string, number>()
  return (name, rows) => {
    if (rows - (noted.get(name) ?? 0) < noteEvery) return
    noted.set(name, rows)
    io.note(`${name}: ${formatCount(rows)} 行`)
  }
}

export const lifecycleCommands = [suspend, resume, status, exportWhole, remove, removals]
