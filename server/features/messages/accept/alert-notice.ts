import { operatorId } from '../../../callers/developers/operator.ts'

/**
 * How the requestIds of messages about alerts begin. When such a message fails, the alert itself is what needs somebody, so the
 * message counts as no failure of its own: in no figure, and for no other alert.
 */
export const alertNoticePrefix = 'alert-'

export function isAlertNotice({ devId, requestId }: { devId: string; requestId: string | null }): boolean {
  return devId === operatorId && requestId !== null && requestId.startsWith(alertNoticePrefix)
}
