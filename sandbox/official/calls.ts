import { customCalls } from './api/custom.ts'
import { draftCalls } from './api/draft.ts'
import { kfCalls } from './api/kf.ts'
import { kfSessionCalls } from './api/kf-sessions.ts'
import { massCalls } from './api/mass.ts'
import { materialCalls } from './api/material.ts'
import { mediaCalls } from './api/media.ts'
import { openapiCalls } from './api/openapi.ts'
import { publishCalls } from './api/publish.ts'
import { qrCodeCalls } from './api/qr-code.ts'
import { shortenCalls } from './api/shorten.ts'
import { tagCalls } from './api/tag.ts'
import { tokenCalls } from './api/token.ts'
import { userCalls } from './api/user.ts'
import type { Call } from './call.ts'
import { menuCalls } from './menu/calls.ts'
import { subscribeCalls } from './templates/subscribe.ts'
import { templateCalls } from './templates/template.ts'
import { webCalls } from './web/calls.ts'

/** Every call of the official-account platform. The routes are made from this list. */
export const officialCalls: readonly Call[] = [
  ...tokenCalls,
  ...userCalls,
  ...tagCalls,
  ...qrCodeCalls,
  ...customCalls,
  ...kfCalls,
  ...kfSessionCalls,
  ...mediaCalls,
  ...materialCalls,
  ...draftCalls,
  ...publishCalls,
  ...massCalls,
  ...menuCalls,
  ...templateCalls,
  ...subscribeCalls,
  ...webCalls,
  ...openapiCalls,
  ...shortenCalls,
]
