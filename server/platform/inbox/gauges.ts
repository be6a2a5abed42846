import type { Core } from '../core.ts'
import { type InboxStream, inboxStates } from './event-store.ts'

const gauges: Record<InboxStream, [name: string, help: string]> = {
  directory: ['wisp_inbox_events', 'contact events by state'],
  official: ['wisp_official_pushes', 'pushes of official accounts by state'],
  agent: ['wisp_agent_pushes', 'pushes to agents by state'],
  pay: ['wisp_payment_notifications', 'notifications of WeChat Pay by state'],
}

/** What waits and what was parked, by stream and corp. */
export function addInboxGauges(ctx: Core & { corps: { all(): readonly { corpId: string }[] } }): void {
  for (const [stream, [name, help]] of Object.entries(gauges)) {
    ctx.metrics.gauge(name, help, ['corp', 'state'], async () => {
      const states = await inboxStates(ctx.db, stream as InboxStream)
      return ctx.corps.all().flatMap(({ corpId }) => [
        { labels: { corp: corpId, state: 'pending' }, value: states.get(corpId)?.pending ?? 0 },
        { labels: { corp: corpId, state: 'parked' }, value: states.get(corpId)?.parked ?? 0 },
      ])
    })
  }
}
