import type { Core } from '../core.ts'
import { notePushes } from './accounts/note-pushes.ts'
import type { Effect } from './callback/process-inbound.ts'
import { keepFollowers } from './followers/keep-followers.ts'
import { openSendWindows, sendLaterAnswers } from './sends/effects.ts'
import { logTalk } from './talk/log.ts'
import { keepResults, keepTicks } from './templates/effects.ts'

/** What each feature of official accounts makes of pushes, in this order. */
export function effectsOf(ctx: Pick<Core, 'now'>): readonly Effect[] {
  return [notePushes, keepFollowers, openSendWindows, logTalk, sendLaterAnswers(ctx), keepResults, keepTicks]
}
