import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { createQuietHours, type QuietHoursOfCorps } from './catalog.ts'
import { adminSetQuietHours, quietHoursCall, saveQuietHours } from './quiet-calls.ts'

/**
 * The quiet hours (免打扰) of the corp: reminders and cards of to-dos wait for their end, and so do messages of a type that are not urgent.
 * Their place in the file of settings and in the command line is that of to-dos.
 */
export const quietHoursFeature = feature<Core, { quietHours: QuietHoursOfCorps }>()({
  name: 'quiet-hours',
  pageCalls: [quietHoursCall, saveQuietHours],
  adminCalls: [adminSetQuietHours],
  create: ctx => ({ quietHours: createQuietHours(ctx) }),
  readers: ({ quietHours }) => [quietHours],
})
