import type { Core } from '../../../platform/core.ts'
import type { Workbench } from '../../apps/workbench/workbench.ts'
import { followArrivals } from '../accept/arrivals.ts'

/** Makes pages that wait for another number of unread messages count again when messages arrive. */
export function followUnread({ bus, workbench }: Core & { workbench: Workbench }): Promise<void> {
  const { unread } = workbench
  return followArrivals(
    bus,
    (corpId, memberIds) => {
      if (memberIds) for (const id of memberIds) unread.changed(`${corpId} ${id}`)
      else unread.changedBelow(`${corpId} `)
    },
    unread.changedForAll,
  )
}
