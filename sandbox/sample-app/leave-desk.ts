import { setTimeout as delay } from 'node:timers/promises'
import type { WispApi } from './wisp-api.ts'

/** Under what its calls are logged; no visitor sees them. */
const visit = 'leave-desk'
const leave = { todoNo: 'sample-leave-118', title: '李四申请请假 2 天' }
const handbook = { todoNo: 'sample-handbook', title: '新版员工手册' }
const againMs = 3000

export type LeaveDeskOptions = {
  api: WispApi
  /** The id of this application at wisp. */
  appId: string
  url: string
  /** The userid of whoever decides. */
  approver: string
  /** Called once somebody has decided. */
  onDecided(): void
  signal: AbortSignal
}

/**
 * Somebody asks for leave: the approver gets a to-do, and a card with 同意 and 驳回. Whichever they press finishes the to-do, for which the
 * desk listens to wisp's events. What was decided at an earlier start stays so. Goes on trying as long as wisp is away; ends at the signal.
 */
export async function runLeaveDesk(options: LeaveDeskOptions): Promise<void> {
  const { signal } = options
  while (!signal.aborted) {
    try {
      const msgId = await ask(options)
      if (msgId === undefined) return
      // It begins once wisp listens, so that no press falls between a look and the next.
      for await (const _ of options.api.signals('message.card.pressed', signal))
        if (await isDecided(options, msgId)) return
    } catch {
      // wisp is away, or the agent's callback is not verified yet.
    }
    await delay(againMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Returns the message that asks; undefined when it was decided before. */
async function ask({ api, appId, url, approver }: LeaveDeskOptions): Promise<string | undefined> {
  const common = { userId: approver, agentId: appId, createdAt: new Date().toISOString() }
  const known = await stateOf(api, appId)
  if (known === 'done' || known === 'withdrawn') return undefined
  if (known === undefined) {
    const day = 86_400_000
    const list = [
      {
        ...common,
        ...leave,
        url: `${url}/approval`,
        sender: '李四',
        process: '请假',
        step: '部门审批',
        priority: '1',
        dueAt: new Date(Date.now() + day).toISOString(),
        content: '事假，家中有事',
      },
      {
        ...common,
        ...handbook,
        url: `${url}/notice`,
        sender: '人事部',
        kind: 'read',
        finishBy: 'person',
      },
    ]
    await api.post('/api/todo/put', { list }, visit)
  }
  const card = {
    card_type: 'button_interaction',
    main_title: { title: leave.title, desc: '事假，家中有事' },
    horizontal_content_list: [
      { keyname: '申请人', value: '李四' },
      { keyname: '剩余年假', value: '5 天' },
    ],
    button_list: [
      { text: '驳回', style: 2, key: 'reject' },
      { text: '同意', style: 1, key: 'agree' },
    ],
  }
  const message = {
    toUser: approver,
    sendType: '0',
    msgType: '04',
    agentName: '请假审批',
    card,
    firstPressWins: true,
    onPress: { replaceName: '已处理' },
    requestId: leave.todoNo,
  }
  return (await api.post('/api/message/send', message, visit)).msgId
}

async function stateOf(api: WispApi, appId: string): Promise<string | undefined> {
  const { list } = await api.get('/api/todo/get', { agentId: appId, todoNo: leave.todoNo }, visit)
  return (list as { state: string }[])[0]?.state
}

/** Looks who pressed what, and finishes the to-do when somebody did. */
async function isDecided({ api, appId, onDecided }: LeaveDeskOptions, msgId: string): Promise<boolean> {
  const { list } = await api.get('/api/message/card', { msgId }, visit)
  const [answer] = list as { key: string }[]
  if (!answer) return false
  await api.post('/api/todo/finish', { agentId: appId, todoNo: leave.todoNo }, visit)
  onDecided()
  return true
}
