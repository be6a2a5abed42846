import type { AnyCause } from './cause.ts'
import { callbacksRefused, callbacksSilent, pushesRefused } from './causes/callbacks.ts'
import { certificateEnds } from './causes/certificate.ts'
import { channelRefused } from './causes/channels.ts'
import { developerOwnerless, scopeEnds, scopeRequested } from './causes/developers.ts'
import { doctorFailed } from './causes/doctor.ts'
import { lateEvents, parkedEvents, parkedPushes } from './causes/events.ts'
import { merchantCertificateEnds } from './causes/merchant-certificate.ts'
import { paymentDiffers, paymentsParked, paymentsUnopened, refundAbnormal } from './causes/payments.ts'
import { dayDiffers } from './causes/reconciliation.ts'
import { oldSecretKey, secretRefused } from './causes/secrets.ts'
import { syncApproval, syncFailed, syncStale, wecomUnreachable } from './causes/sync.ts'
import { webhookOff } from './causes/webhooks.ts'

/** What is seen from wisp's own rows, every five minutes. Those that the overview counts too are called as there. */
export const frequent = {
  secretRefused,
  syncApproval,
  syncFailed,
  syncStale,
  wecomUnreachable,
  parkedEvents,
  parkedPushes,
  lateEvents,
  doctorFailed,
  callbacksSilent,
  callbacksRefused,
  pushesRefused,
  channelRefused,
  paymentDiffers,
  paymentsParked,
  paymentsUnopened,
  refundAbnormal,
  merchantCertificateEnds,
  oldSecretKey,
  dayDiffers,
  scopeRequested,
  developerOwnerless,
  scopeEnds,
  webhookOff,
} as const satisfies Record<string, AnyCause>

/** What has to be looked at elsewhere, once a day. */
export const daily = { certificateEnds } as const satisfies Record<string, AnyCause>

/** All causes, by the name under which their alerts are stored. */
export const causes: Readonly<Record<string, AnyCause>> = { ...frequent, ...daily }
