import { actor } from '../../../platform/command/actor.ts'
import { command, type Io, type Output } from '../../../platform/command/command.ts'
import { expectNode, here } from '../../../platform/command/node-work.ts'
import {
  anyId,
  choice,
  integer,
  integerOr,
  requiredInteger,
  toggle,
} from '../../../platform/command/parts.ts'
import { facts, printable, table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { wordsIn } from '../../../platform/http/words.ts'
import { eventIn } from '../../../platform/inbox/event-store.ts'
import { replayRange } from '../../../platform/inbox/replay.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { corpOf, corpPart } from '../../corps/commands/corp-parts.ts'
import { regimes } from '../../corps/commands/corps.ts'
import type { Corps } from '../../corps/corps.ts'
import { directoryReplay } from '../events/replay.ts'
import { approveRun, cancelRun } from '../request.ts'
import { type RunKind, readDrift, recentRuns, runIn } from '../runs/run-store.ts'
import { describeEvent, describeRun, listEvents, syncStatus } from '../status.ts'
import {
  countsText,
  type FollowOptions,
  followRun,
  kinds,
  outageText,
  startAndFollow,
  states,
} from './follow-run.ts'

type Needs = Core & { corps: Corps; queue: Queue }

const wait = toggle('--no-wait', '只排队，不等待结束')
const following = { wait, here }

const run = command({
  path: 'sync run',
  point: 'sync:run',
  summary: '与企业微信全量同步，由节点执行，显示进度直到结束；中断等待不影响同步',
  parts: {
    corp: corpPart,
    kind: choice('--kind <kind>', '默认 full；reconcile 即每晚的核对', ['full', 'reconcile']),
    ...following,
  },
  run: (ctx: Needs, { corp, kind, ...how }, io) => runAs(ctx, corpOf(ctx, corp), kind ?? 'full', how, io),
})

const dryRun = command({
  path: 'sync dry-run',
  point: 'sync:run',
  summary: '只比较，不写入；差异用 wisp sync drift 查看',
  parts: { corp: corpPart, ...following },
  run: (ctx: Needs, { corp, ...how }, io) => runAs(ctx, corpOf(ctx, corp), 'dry-run', how, io),
})

async function runAs(ctx: Needs, corpId: string, kind: RunKind, how: FollowOptions, io: Io): Promise<Output> {
  await expectNode(ctx, { stream: 'directory', corpId }, how, io)
  return startAndFollow(ctx, corpId, kind, how, io)
}

const approve = command({
  path: 'sync approve',
  point: 'sync:run',
  summary: '批准一次因删除过多而停下的同步',
  parts: { id: requiredInteger('<run>', '同步编号', anyId), corp: corpPart, ...following },
  async run(ctx: Needs, { id, corp, ...how }, io) {
    const corpId = corpOf(ctx, corp)
    await expectNode(ctx, { stream: 'directory', corpId }, how, io)
    await approveRun(ctx, actor, corpId, id)
    return followRun(ctx, corpId, id, how, io)
  },
})

const cancel = command({
  path: 'sync cancel',
  point: 'sync:run',
  summary: '取消一次尚未结束的同步；已写入的保留',
  parts: { id: requiredInteger('<run>', '同步编号', anyId), corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    await cancelRun(ctx, actor, corpId, id)
    const run = await describeRun(ctx, corpId, id)
    return { data: runIn('zh', run), text: `同步 #${id} 已停止` }
  },
})

const status = command({
  path: 'sync status',
  point: 'sync:read',
  summary: '通讯录、事件与最近几次同步的状态',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const status = await syncStatus(ctx, corpOf(ctx, corp))
    const { outage } = status
    const reason = outage && wordsIn('zh', outage.reason)
    const state = {
      ...status,
      outage: outage && { ...outage, reason },
      runs: status.runs.map(one => runIn('zh', one)),
    }
    const head = facts([
      ['企业', state.corpId],
      ['读取权限', regimes[state.regime]],
      [
        '通讯录',
        `部门 ${formatCount(state.departments)}，成员 ${formatCount(state.members)}${state.quit > 0 ? `（另有 ${formatCount(state.quit)} 名已退出企业）` : ''}，标签 ${state.tags}`,
      ],
      ['变更序号', state.changeSeq],
      ['回调验证', when(state.callbackVerifiedAt, '从未')],
      ['最近回调', when(state.lastEventAt, '从未')],
      ['待处理事件', `${state.inbox.pending}（最早 ${when(state.inbox.oldestPendingAt)}）`],
      ['搁置事件', state.inbox.parked],
      ...(status.outage ? [['企业微信', outageText(status.outage)] as [string, string]] : []),
    ])
    const rows = state.runs.map(one => [
      `#${one.id}`,
      kinds[one.kind],
      states[one.state],
      `${one.progress.pagesDone ?? 0}/${one.progress.pagesTotal ?? 0}`,
      one.progress.members ?? 0,
      when(one.startedAt),
      when(one.finishedAt),
      one.requestedBy,
      one.error ?? countsText(one),
    ])
    const heads = ['同步', '种类', '状态', '部门', '成员', '开始', '结束', '发起', '结果']
    return { data: state, text: `${head}\n\n${table(heads, rows, '还没有同步过')}` }
  },
})

const replayEvents = command({
  path: 'sync replay',
  point: 'sync:run',
  summary: '重新处理一段事件；重复处理无害',
  parts: {
    from: requiredInteger('<from>', '第一个事件编号', anyId),
    to: integer('[to]', '最后一个事件编号，默认与第一个相同', anyId),
    corp: corpPart,
  },
  async run(ctx: Needs, { from, to, corp }) {
    const corpId = corpOf(ctx, corp)
    const count = await replayRange(ctx, directoryReplay(ctx, actor, corpId), from, to ?? from)
    return { data: { count }, text: `将重新处理 ${formatCount(count)} 个事件` }
  },
})

const eventStates = { pending: '待处理', done: '已处理', parked: '搁置' } as const
const stateName = (state: string) => eventStates[state as keyof typeof eventStates] ?? state

const events = command({
  path: 'sync events',
  point: 'sync:inspect',
  summary: '最近的通讯录事件',
  parts: {
    corp: corpPart,
    state: choice('--state <state>', '只看某种状态', ['pending', 'done', 'parked']),
    limit: integerOr(20, '--limit <n>', '几个', { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { corp, state, limit }) {
    const events = await listEvents(ctx, corpOf(ctx, corp), state, limit)
    const found = events.map(one => eventIn('zh', one))
    const rows = found.map(one => [
      one.id,
      when(one.receivedAt),
      one.source,
      one.changeType,
      one.entity,
      stateName(one.state),
      one.attempts,
      one.error ?? '',
    ])
    const heads = ['编号', '收到', '来源', '类型', '对象', '状态', '次数', '说明']
    return { data: found, text: table(heads, rows, '没有事件') }
  },
})

const event = command({
  path: 'sync event',
  point: 'sync:inspect',
  summary: '一个事件的原文与解密内容',
  parts: { id: requiredInteger('<id>', '事件编号', anyId), corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const found = eventIn('zh', await describeEvent(ctx, corpOf(ctx, corp), id))
    const head = facts([
      ['事件', found.id],
      ['收到', when(found.receivedAt)],
      ['来源', found.source],
      ['类型', found.changeType],
      ['对象', found.entity],
      ['状态', stateName(found.state)],
      ['次数', found.attempts],
      ['处理', when(found.doneAt)],
      ['说明', found.error ?? '—'],
    ])
    const part = (name: string, body: string | null) => `\n\n${name}:\n${printable(body ?? '（无）')}`
    return { data: found, text: head + part('原文', found.raw) + part('解密', found.plain) }
  },
})

const drift = command({
  path: 'sync drift',
  point: 'sync:inspect',
  summary: '某次同步发现的差异，逐字段；默认最近一次',
  parts: {
    run: integer('[run]', '同步编号', anyId),
    corp: corpPart,
    limit: integerOr(100, '--limit <n>', '几条', { min: 1, max: 5000 }),
  },
  async run(ctx: Needs, { run: given, corp, limit }) {
    const corpId = corpOf(ctx, corp)
    const found = given ? await describeRun(ctx, corpId, given) : (await recentRuns(ctx.db, corpId, 1))[0]
    if (!found) throw new ApiError('badParameter', '还没有同步过')
    const differences = await readDrift(ctx.db, found.id, limit)
    const rows = differences.map(one => [
      kindNames[one.kind],
      one.entityId,
      one.op === 'drop' ? '多余' : Object.keys(one.fields).length > 0 ? '不同' : '缺少',
      Object.entries(one.fields)
        .map(([name, [mirror, wecom]]) => `${name}: ${JSON.stringify(mirror)} → ${JSON.stringify(wecom)}`)
        .join('；'),
    ])
    const head = `${kinds[found.kind]} #${found.id}（${when(found.startedAt)}）`
    const none = found.state === 'done' ? '没有差异' : '这次同步没有读完，还不能说有没有差异'
    const body = table(['种类', 'id', '差异', '字段: 通讯录 → 企业微信'], rows, none)
    return { data: { run: found.id, drift: differences }, text: `${head}\n${body}` }
  },
})

const kindNames = { department: '部门', member: '成员', tag: '标签' } as const

export const syncCommands = [run, dryRun, approve, cancel, status, replayEvents, events, event, drift]
