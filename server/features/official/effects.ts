import type { Developers } from '../../callers/developers/developers.ts'
import type { Core } from '../../platform/core.ts'
import { tellPushes } from './api/tell-pushes.ts'
import { notePushes } from './callback/note-pushes.ts'
import type { Effect } from './callback/process-inbound.ts'
import { endPublications } from './drafts/effects.ts'
import { keepFollowers } from './followers/keep-followers.ts'
import { takeCodes } from './links/take-codes.ts'
import { endMasses } from './mass/effects.ts'
import { openSendWindows, sendLaterAnswers } from './sends/effects.ts'
import { logTalk } from './talk/log.ts'
import { keepResults, keepTicks } from './templates/effects.ts'

/** What each feature of official accounts makes of pushes, in this order. */
export function effectsOf(ctx: Core & { developers: Developers }): readonly Effect[] {
  return [
    notePushes,
    keepFollowers(ctx),
    openSendWindows,
    logTalk,
    takeCodes(ctx),
    sendLaterAnswers(ctx),
    endPublications,
    endMasses,
    keepResults,
    keepTicks,
    tellPushes(ctx),
  ]
}
