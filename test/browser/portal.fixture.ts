import { operator } from '../../server/callers/developers/operator.ts'
import { addAnnouncement } from '../../server/features/announcements/announcements.ts'
import { toEveryone } from '../../server/features/apps/visibility.ts'
import { approveType } from '../../server/features/message-types/change-type.ts'
import { putType } from '../../server/features/message-types/put-type.ts'
import { noticeOf } from '../../server/features/messages/notify-call.ts'
import { notify } from '../../server/features/messages/waiting/notify.ts'
import type { World } from '../harness.ts'

/** Sends a message to zhangsan that asks for a receipt. */
export async function receiptOf({ ctx, corpId }: World, content: string) {
  await putType(ctx, { actor: 'test', devId: null }, corpId, 'holiday', {
    name: '行政',
    level: 'normal',
    channels: ['wecom'],
    templates: { wecom: { zh: { title: '通知', content } } },
    receipt: true,
  })
  return notify(ctx, operator(corpId), noticeOf({ type: 'holiday', toUser: 'zhangsan' }))
}

/** Announces something for a day. */
export const announce = (
  { ctx, corpId }: World,
  title: string,
  content: string,
  isImportant = false,
  visibility = toEveryone,
) => {
  const until = new Date(ctx.now() + 86_400_000)
  return addAnnouncement(ctx, 'test', corpId, {
    title,
    content,
    isImportant,
    visibility,
    from: undefined,
    until,
  })
}

/** zhangsan gets one message that may be switched off, and one that may not. */
export async function notifyOfTwoTypes(world: World): Promise<void> {
  const dev = await world.addDeveloper({ name: '人事系统', scopes: ['message:send', 'message:type'] })
  for (const [key, name] of Object.entries({ leave: '请假审批', salary: '工资条' })) {
    const level = key === 'salary' ? 'must' : 'normal'
    await dev.post('/api/message/type/put', { key, name, level, text: `${name}已更新` })
  }
  await approveType(world.ctx, 'test', world.corpId, 'salary', 1)
  for (const type of ['leave', 'salary']) await dev.post('/api/message/notify', { type, toUser: 'zhangsan' })
}
