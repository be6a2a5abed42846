import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, type Io } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
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

const namedCorp = requiredText('<corpId>', { zh: '哪个企业', en: 'which corp' })

const suspend = command({
  path: 'corp suspend',
  point: 'operator:edit',
  summary: {
    zh: '暂停企业：登录与调用被拒绝，推送照常保存，进行中的支付与退款照常结束；再次执行可改原因',
    en: 'Suspend a corp: sign-in and calls are refused, pushes are stored, payments and refunds in progress end as usual; run it again for another reason',
  },
  parts: {
    corp: corpPart,
    reason: requiredText('--reason <text>', {
      zh: '原因，企业的成员和开发者会看到，最长 200 个字符',
      en: 'reason, shown to members and developers of the corp, 200 characters at most',
    }),
  },
  async run(ctx: Needs, { corp, reason }) {
    const corpId = corpOf(ctx, corp)
    await suspendCorp(ctx, actor, corpId, { reason })
    return {
      data: { corpId, suspended: true, reason },
      text: said({ zh: `已暂停 ${corpId}：${reason}`, en: `suspended ${corpId}: ${reason}` }),
    }
  },
})

const resume = command({
  path: 'corp resume',
  point: 'operator:edit',
  summary: {
    zh: '恢复暂停的企业：保存的推送、等待的消息与事件继续处理，并做一次全量同步',
    en: 'Resume a suspended corp: stored pushes, waiting messages and events go on, and a full sync runs',
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    await resumeCorp(ctx, actor, corpId)
    return {
      data: { corpId, suspended: false },
      text: said({ zh: `已恢复 ${corpId}，全量同步已排队`, en: `resumed ${corpId}; a full sync is queued` }),
    }
  },
})

const status = command({
  path: 'corp status',
  point: 'operator:read',
  summary: {
    zh: '企业是否暂停、何时可以删除、还缺什么，删除到了哪里',
    en: 'Show whether a corp is suspended, when it can be deleted, what is still needed, and how far a deletion is',
  },
  parts: { corp: namedCorp },
  async run(ctx: Needs, { corp }) {
    const state = await corpState(ctx, corp)
    const { suspension, lastExport, obstacles, removal } = state
    const states = {
      open: said({ zh: '正常', en: 'right' }),
      suspended: said({ zh: '已暂停', en: 'suspended' }),
      removing: said({ zh: '正在删除', en: 'being deleted' }),
      removed: said({ zh: '已删除', en: 'deleted' }),
    }
    const suspended: [string, string][] = suspension
      ? [
          [
            said({ zh: '暂停于', en: 'Suspended' }),
            said({
              zh: `${when(suspension.at)}（${suspension.by}）`,
              en: `${when(suspension.at)} (${suspension.by})`,
            }),
          ],
          [said({ zh: '原因', en: 'Reason' }), suspension.reason],
        ]
      : []
    const head = facts([
      [
        { zh: '企业', en: 'Corp' },
        { zh: `${state.name}（${corp}）`, en: `${state.name} (${corp})` },
      ],
      [{ zh: '状态', en: 'State' }, states[state.state]],
      ...suspended,
      [{ zh: '可删除自', en: 'Can be deleted from' }, when(state.removableFrom, '—')],
      [
        { zh: '最近导出', en: 'Last export' },
        lastExport ? `${when(lastExport.exportedAt)} ${lastExport.sha256}` : '—',
      ],
    ])
    const missing = obstacles.map(one => `- ${said(one.words)}`).join('\n')
    const texts = [
      head,
      missing && said({ zh: `删除之前：\n${missing}`, en: `before a deletion:\n${missing}` }),
      removal && removalText(removal),
    ]
    const view = { ...state, obstacles: obstacles.map(({ what, words }) => ({ what, text: said(words) })) }
    return { data: view, text: texts.filter(Boolean).join('\n\n') }
  },
})

const exportWhole = command({
  path: 'corp export',
  point: 'operator:export',
  summary: {
    zh: '把企业的全部数据（含文件，不含密钥）写到一个新文件；删除企业之前须先导出；- 表示写到标准输出',
    en: 'Write all data of a corp, files included and secrets left out, to a new file; a deletion takes an export first; - means standard output',
  },
  details: {
    zh: '文件是 gzip 压缩的 JSON 行：第一行说明企业、时间和略去的列，每张表一行表名与列名，随后每行一条记录，最后一行是各表行数与校验和。密钥等封存的列不写入。',
    en: 'The file is gzip-compressed lines of JSON: the first line names corp, time and columns left out; each table has a line with its name and columns, then a line for each row; the last line has rows and checksum of each table. Sealed columns, such as secrets, are left out.',
  },
  parts: {
    file: fileOrOutput('<file>', {
      zh: '要写的文件，须不存在；- 表示标准输出',
      en: 'file to write, which must not exist yet; - means standard output',
    }),
    corp: corpPart,
  },
  async run(ctx: Needs, { file, corp }, io) {
    const corpId = corpOf(ctx, corp)
    const options = { signal: io.signal, onProgress: progressTo(io) }
    const done =
      file === '-'
        ? await exportCorp(ctx, actor, corpId, io.output(), async () => {}, options)
        : await exportCorpToFile(ctx, actor, corpId, file, options)
    const where = file === '-' ? said({ zh: '标准输出', en: 'standard output' }) : file
    const told = facts([
      [{ zh: '文件', en: 'File' }, where],
      ['SHA-256', done.sha256],
      [
        { zh: '大小', en: 'Size' },
        { zh: `${formatCount(done.bytes)} 字节`, en: `${formatCount(done.bytes)} bytes` },
      ],
      [{ zh: '行数', en: 'Rows' }, formatCount(sumOf(done.rows))],
    ])
    return {
      data: { corpId, file, ...done },
      text: said({ zh: `已导出 ${corpId}\n${told}`, en: `exported ${corpId}\n${told}` }),
    }
  },
})

const remove = command({
  path: 'corp delete',
  point: 'operator:delete',
  summary: {
    zh: '删除企业的全部数据，由节点执行，显示进度直到结束；须已暂停 7 天、已导出、没有未结束的支付与退款',
    en: 'Delete all data of a corp; a node does it, and the progress is shown to the end; the corp must have been suspended for 7 days and exported, without open payments and refunds',
  },
  details: {
    zh: '不改变企业微信。中断等待不影响删除；节点停止后由其他节点继续。',
    en: 'WeCom is not changed. Interrupting the wait does not stop the deletion; if a node stops, another goes on.',
  },
  parts: {
    corp: namedCorp,
    confirm: requiredText('--confirm <corpId>', { zh: '再次输入企业 ID', en: 'corp ID again' }),
    wait: toggle('--no-wait', { zh: '只开始，不等待结束', en: 'begin and do not wait for the end' }),
    here,
  },
  async run(ctx: Needs, { corp: corpId, confirm, ...how }, io) {
    await expectNode(ctx, { stream: 'corp-removal', corpId }, how, io)
    await removeCorp(ctx, actor, corpId, confirm)
    if (!how.wait)
      return {
        data: { corpId, state: 'removing' },
        text: said({ zh: `开始删除 ${corpId}`, en: `began to delete ${corpId}` }),
      }
    const end = await follow(ctx, io, () => look(ctx, corpId), how)
    return { data: end, text: removalText(end) }
  },
})

async function look(ctx: Core, corpId: string): Promise<{ line: string; end?: Removal }> {
  const [removal] = await listRemovals(ctx.db, corpId, { limit: 1 })
  if (!removal) throw new Error('the deletion is not there')
  const line = said({
    zh: `已删除 ${formatCount(sumOf(removal.rows))} 行`,
    en: `deleted ${formatCount(sumOf(removal.rows))} rows`,
  })
  return removal.endedAt ? { line, end: removal } : { line }
}

const removals = command({
  path: 'corp removals',
  point: 'operator:read',
  summary: {
    zh: '删除过的企业：何时、由谁、各表删除了多少行',
    en: 'List deleted corps: when, by whom, and how many rows of each table',
  },
  parts: {
    corp: text('--corp <corpId>', { zh: '只看一个企业，并列出各表', en: 'only this corp, with its tables' }),
  },
  async run(ctx: Needs, { corp }) {
    const list = await listRemovals(ctx.db, corp, { limit: 100 })
    if (corp !== undefined)
      return {
        data: list,
        text: list.map(removalText).join('\n\n') || said({ zh: '没有删除过', en: 'it was never deleted' }),
      }
    const rows = list.map(one => [
      one.corpId,
      one.name,
      when(one.begunAt),
      when(one.endedAt, said({ zh: '正在删除', en: 'being deleted' })),
      one.begunBy,
      formatCount(sumOf(one.rows)),
    ])
    const heads = [
      said({ zh: '企业 ID', en: 'Corp ID' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '开始于', en: 'Begun' }),
      said({ zh: '结束于', en: 'Ended' }),
      said({ zh: '操作人', en: 'By' }),
      said({ zh: '删除的行', en: 'Rows deleted' }),
    ]
    return { data: list, text: table(heads, rows, { zh: '没有删除过企业', en: 'no corp was deleted' }) }
  },
})

function removalText({ corpId, name, begunAt, endedAt, begunBy, exportSha256, rows }: Removal): string {
  const head = facts([
    [
      { zh: '企业', en: 'Corp' },
      { zh: `${name}（${corpId}）`, en: `${name} (${corpId})` },
    ],
    [
      { zh: '删除', en: 'Deleted' },
      {
        zh: `${when(begunAt)} 至 ${when(endedAt, '正在删除')}，${begunBy}`,
        en: `${when(begunAt)} to ${when(endedAt, 'being deleted')}, ${begunBy}`,
      },
    ],
    [{ zh: '导出文件', en: 'Export' }, exportSha256],
    [{ zh: '删除的行', en: 'Rows deleted' }, formatCount(sumOf(rows))],
  ])
  const counts = Object.entries(rows).sort(([, a], [, b]) => b - a)
  return `${head}\n\n${table(
    [
      { zh: '表', en: 'Table' },
      { zh: '行数', en: 'Rows' },
    ],
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
    io.note(said({ zh: `${name}: ${formatCount(rows)} 行`, en: `${name}: ${formatCount(rows)} rows` }))
  }
}

export const lifecycleCommands = [suspend, resume, status, exportWhole, remove, removals]
