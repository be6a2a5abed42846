import { actor } from '../../../platform/command/actor.ts'
import { command, type Io, type Output } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
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

const wait = toggle('--no-wait', { zh: '只排队，不等待结束', en: 'only enqueue it, do not wait for the end' })
const following = { wait, here }

const run = command({
  path: 'sync run',
  point: 'sync:run',
  summary: {
    zh: '与企业微信全量同步，由节点执行，显示进度直到结束；中断等待不影响同步',
    en: 'Sync everything with WeCom; a node does it, and the progress is shown to the end; interrupting the wait does not stop the sync',
  },
  parts: {
    corp: corpPart,
    kind: choice(
      '--kind <kind>',
      { zh: '默认 full；reconcile 即每晚的核对', en: 'full by default; reconcile is what runs each night' },
      ['full', 'reconcile'],
    ),
    ...following,
  },
  run: (ctx: Needs, { corp, kind, ...how }, io) => runAs(ctx, corpOf(ctx, corp), kind ?? 'full', how, io),
})

const dryRun = command({
  path: 'sync dry-run',
  point: 'sync:run',
  summary: {
    zh: '只比较，不写入；差异用 wisp sync drift 查看',
    en: 'Compare only, write nothing; wisp sync drift shows the differences',
  },
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
  summary: {
    zh: '批准一次因删除过多而停下的同步',
    en: 'Approve a sync that stopped because it would delete too much',
  },
  parts: {
    id: requiredInteger('<run>', { zh: '同步编号', en: 'sync ID' }, anyId),
    corp: corpPart,
    ...following,
  },
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
  summary: {
    zh: '取消一次尚未结束的同步；已写入的保留',
    en: 'Cancel a sync that has not ended; what was written stays',
  },
  parts: { id: requiredInteger('<run>', { zh: '同步编号', en: 'sync ID' }, anyId), corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const corpId = corpOf(ctx, corp)
    await cancelRun(ctx, actor, corpId, id)
    const run = await describeRun(ctx, corpId, id)
    return {
      data: runIn(commandLanguage(), run),
      text: said({ zh: `同步 #${id} 已停止`, en: `sync #${id} has stopped` }),
    }
  },
})

const status = command({
  path: 'sync status',
  point: 'sync:read',
  summary: {
    zh: '通讯录、事件与最近几次同步的状态',
    en: 'Show the state of the address book, of events and of the latest syncs',
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const status = await syncStatus(ctx, corpOf(ctx, corp))
    const { outage } = status
    const reason = outage && said(outage.reason)
    const state = {
      ...status,
      outage: outage && { ...outage, reason },
      runs: status.runs.map(one => runIn(commandLanguage(), one)),
    }
    const head = facts([
      [{ zh: '企业', en: 'Corp' }, state.corpId],
      [{ zh: '读取权限', en: 'Access' }, regimes[state.regime]],
      [
        { zh: '通讯录', en: 'Address book' },
        {
          zh: `部门 ${formatCount(state.departments)}，成员 ${formatCount(state.members)}${state.quit > 0 ? `（另有 ${formatCount(state.quit)} 名已退出企业）` : ''}，标签 ${state.tags}`,
          en: `${formatCount(state.departments)} departments, ${formatCount(state.members)} members${state.quit > 0 ? ` (and ${formatCount(state.quit)} who left the corp)` : ''}, ${state.tags} tags`,
        },
      ],
      [{ zh: '变更序号', en: 'Change number' }, state.changeSeq],
      [
        { zh: '回调验证', en: 'Callback verified' },
        when(state.callbackVerifiedAt, said({ zh: '从未', en: 'never' })),
      ],
      [{ zh: '最近回调', en: 'Last callback' }, when(state.lastEventAt, said({ zh: '从未', en: 'never' }))],
      [
        { zh: '待处理事件', en: 'Events waiting' },
        {
          zh: `${state.inbox.pending}（最早 ${when(state.inbox.oldestPendingAt)}）`,
          en: `${state.inbox.pending} (the oldest of ${when(state.inbox.oldestPendingAt)})`,
        },
      ],
      [{ zh: '搁置事件', en: 'Events parked' }, state.inbox.parked],
      ...(status.outage
        ? [[said({ zh: '企业微信', en: 'WeCom' }), outageText(status.outage)] as [string, string]]
        : []),
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
    const heads = [
      said({ zh: '同步', en: 'sync' }),
      said({ zh: '种类', en: 'Kind' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '部门', en: 'Departments' }),
      { zh: '成员', en: 'Member' },
      said({ zh: '开始', en: 'Begun' }),
      said({ zh: '结束', en: 'Ended' }),
      said({ zh: '发起', en: 'Begun by' }),
      said({ zh: '结果', en: 'result' }),
    ]
    return {
      data: state,
      text: `${head}\n\n${table(heads, rows, { zh: '还没有同步过', en: 'never synced' })}`,
    }
  },
})

const replayEvents = command({
  path: 'sync replay',
  point: 'sync:run',
  summary: {
    zh: '重新处理一段事件；重复处理无害',
    en: 'Process a range of events again; repeating it does no harm',
  },
  parts: {
    from: requiredInteger('<from>', { zh: '第一个事件编号', en: 'ID of the first event' }, anyId),
    to: integer(
      '[to]',
      { zh: '最后一个事件编号，默认与第一个相同', en: 'ID of the last event, by default the first' },
      anyId,
    ),
    corp: corpPart,
  },
  async run(ctx: Needs, { from, to, corp }) {
    const corpId = corpOf(ctx, corp)
    const count = await replayRange(ctx, directoryReplay(ctx, actor, corpId), from, to ?? from)
    return {
      data: { count },
      text: said({
        zh: `将重新处理 ${formatCount(count)} 个事件`,
        en: `${formatCount(count)} events are processed again`,
      }),
    }
  },
})

const eventStates = {
  pending: { zh: '待处理', en: 'open' },
  done: { zh: '已处理', en: 'settled' },
  parked: { zh: '搁置', en: 'parked' },
} as const
const stateName = (state: string) => eventStates[state as keyof typeof eventStates] ?? state

const events = command({
  path: 'sync events',
  point: 'sync:inspect',
  summary: { zh: '最近的通讯录事件', en: 'List the latest events of the address book' },
  parts: {
    corp: corpPart,
    state: choice('--state <state>', { zh: '只看某种状态', en: 'only in this state' }, [
      'pending',
      'done',
      'parked',
    ]),
    limit: integerOr(20, '--limit <n>', { zh: '几个', en: 'how many' }, { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { corp, state, limit }) {
    const events = await listEvents(ctx, corpOf(ctx, corp), state, limit)
    const found = events.map(one => eventIn(commandLanguage(), one))
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
    const heads = [
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '收到', en: 'Received by' }),
      said({ zh: '来源', en: 'Source' }),
      said({ zh: '类型', en: 'type' }),
      said({ zh: '对象', en: 'Object' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '次数', en: 'Times' }),
      said({ zh: '说明', en: 'Explanation' }),
    ]
    return { data: found, text: table(heads, rows, { zh: '没有事件', en: 'no events' }) }
  },
})

const event = command({
  path: 'sync event',
  point: 'sync:inspect',
  summary: { zh: '一个事件的原文与解密内容', en: 'Show an event as it arrived and decrypted' },
  parts: { id: requiredInteger('<id>', { zh: '事件编号', en: 'event ID' }, anyId), corp: corpPart },
  async run(ctx: Needs, { id, corp }) {
    const found = eventIn(commandLanguage(), await describeEvent(ctx, corpOf(ctx, corp), id))
    const head = facts([
      [{ zh: '事件', en: 'Events' }, found.id],
      [{ zh: '收到', en: 'Received by' }, when(found.receivedAt)],
      [{ zh: '来源', en: 'Source' }, found.source],
      [{ zh: '类型', en: 'type' }, found.changeType],
      [{ zh: '对象', en: 'Object' }, found.entity],
      [{ zh: '状态', en: 'State' }, stateName(found.state)],
      [{ zh: '次数', en: 'Times' }, found.attempts],
      [{ zh: '处理', en: 'Processed' }, when(found.doneAt)],
      [{ zh: '说明', en: 'Explanation' }, found.error ?? '—'],
    ])
    const part = (name: string, body: string | null) =>
      `\n\n${name}:\n${printable(body ?? said({ zh: '（无）', en: '(none)' }))}`
    return {
      data: found,
      text:
        head +
        part(said({ zh: '原文', en: 'As it arrived' }), found.raw) +
        part(said({ zh: '解密', en: 'Decrypted' }), found.plain),
    }
  },
})

const drift = command({
  path: 'sync drift',
  point: 'sync:inspect',
  summary: {
    zh: '某次同步发现的差异，逐字段；默认最近一次',
    en: 'List the differences that a sync found, field by field; by default the last sync',
  },
  parts: {
    run: integer('[run]', { zh: '同步编号', en: 'sync ID' }, anyId),
    corp: corpPart,
    limit: integerOr(100, '--limit <n>', { zh: '几条', en: 'how many' }, { min: 1, max: 5000 }),
  },
  async run(ctx: Needs, { run: given, corp, limit }) {
    const corpId = corpOf(ctx, corp)
    const found = given ? await describeRun(ctx, corpId, given) : (await recentRuns(ctx.db, corpId, 1))[0]
    if (!found) throw new ApiError('badParameter', { zh: '还没有同步过', en: 'no sync has run yet' })
    const differences = await readDrift(ctx.db, found.id, limit)
    const rows = differences.map(one => [
      kindNames[one.kind],
      one.entityId,
      one.op === 'drop'
        ? said({ zh: '多余', en: 'extra' })
        : Object.keys(one.fields).length > 0
          ? said({ zh: '不同', en: 'different' })
          : said({ zh: '缺少', en: 'missing' }),
      Object.entries(one.fields)
        .map(([name, [mirror, wecom]]) => `${name}: ${JSON.stringify(mirror)} → ${JSON.stringify(wecom)}`)
        .join(said({ zh: '；', en: '; ' })),
    ])
    const head = said({
      zh: `${kinds[found.kind].zh} #${found.id}（${when(found.startedAt)}）`,
      en: `${kinds[found.kind].en} #${found.id} (${when(found.startedAt)})`,
    })
    const none =
      found.state === 'done'
        ? said({ zh: '没有差异', en: 'no differences' })
        : said({
            zh: '这次同步没有读完，还不能说有没有差异',
            en: 'the sync did not read everything, so it is unknown whether there are differences',
          })
    const body = table(
      [
        { zh: '种类', en: 'Kind' },
        'id',
        { zh: '差异', en: 'Difference' },
        { zh: '字段: 通讯录 → 企业微信', en: 'Field: address book → WeCom' },
      ],
      rows,
      none,
    )
    return { data: { run: found.id, drift: differences }, text: `${head}\n${body}` }
  },
})

const kindNames = {
  department: { zh: '部门', en: 'Departments' },
  member: { zh: '成员', en: 'Member' },
  tag: { zh: '标签', en: 'Tags' },
} as const

export const syncCommands = [run, dryRun, approve, cancel, status, replayEvents, events, event, drift]
