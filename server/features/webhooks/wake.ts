import type { Core } from '../../platform/core.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import { webhooksBehind } from './webhook-store.ts'

/** Has the corp's webhooks look for what has a new number. */
export async function wakeWebhooks({ db, now }: Core, corpId: string): Promise<void> {
  const behind = await webhooksBehind(db, corpId)
  const tasks = behind.map(key => ({ corpId, stream: 'webhook' as const, key }))
  if (tasks.length > 0) await enqueue(db, tasks, new Date(now()))
}
