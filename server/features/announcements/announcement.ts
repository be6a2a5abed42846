import type { Visibility } from '../apps/app.ts'

/** An announcement on the workbench. */
export type Announcement = {
  readonly id: number
  readonly corpId: string
  readonly title: string
  /** Plain text with line breaks, or ''. */
  readonly content: string
  readonly isImportant: boolean
  readonly visibility: Visibility
  readonly from: Date
  readonly until: Date
  /** The administrator who ended it early, as in the audit log. */
  readonly withdrawnBy: string | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly updatedBy: string
}

export const announcementStates = ['current', 'planned', 'past'] as const
export type AnnouncementState = (typeof announcementStates)[number]

export function stateOf({ from, until }: Announcement, now: number): AnnouncementState {
  if (until.getTime() <= now) return 'past'
  return from.getTime() <= now ? 'current' : 'planned'
}
