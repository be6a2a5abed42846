import { operatorId } from '../../../callers/developers/operator.ts'

/** How the requestIds of messages about alerts begin. */
export const alertNoticePrefix = 'alert-'

export function isAlertNotice(devId: string, requestId: string | undefined): boolean {
  return devId === operatorId && requestId?.startsWith(alertNoticePrefix) === true
}
