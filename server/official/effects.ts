import type { Core } from '../core.ts'
import { notePushes } from './accounts/note-pushes.ts'
import type { Effect } from './callback/process-inbound.ts'
import { endPublications } from './drafts/effects.ts'
import { keepFollowers } from './followers/keep-followers.ts'
import { endMasses } from './mass/effects.ts'
import { openSendWindows, sendLaterAnswers } from './sends/effects.ts'
import { logTalk } from './talk/log.ts'

/** What each feature of official accounts makes of pushes, in this order. */
export function effectsOf(ctx: Pick<Core, 'now'>): readonly Effect[] {
  return [
    notePushes,
    keepFollowers,
    openSendWindows,
    logTalk,
    sendLaterAnswers(ctx),
    endPublications,
    endMasses,
  ]
}
