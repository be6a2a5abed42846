import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { signInLogRetention } from './retention.ts'
import { createSignInLog, type SignInLog } from './sign-in-log.ts'

/** Who signed in to wisp or, through it, to another system, and who was refused. */
export const signInLogFeature = feature<Core, { signInLog: SignInLog }>()({
  name: 'sign-in-log',
  tables: signInLogRetention,
  create: ctx => ({ signInLog: createSignInLog(ctx) }),
  close: ({ signInLog }) => signInLog.settled(),
})
