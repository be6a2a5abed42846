import type { Core } from '../../platform/core.ts'
import { waitingParts } from './open-parts-store.ts'

/** What has not left yet, in all corps together. */
export function addMessageGauges({ metrics, db, now }: Core): void {
  metrics.gauge('wisp_messages_waiting', 'parts of messages that wait to be sent', ['channel'], async () =>
    (await waitingParts(db)).map(({ channel, parts }) => ({ labels: { channel }, value: parts })),
  )
  metrics.gauge('wisp_message_oldest_seconds', 'age of the oldest waiting message', ['channel'], async () =>
    (await waitingParts(db)).map(({ channel, since }) => ({
      labels: { channel },
      value: (now() - since.getTime()) / 1000,
    })),
  )
}
