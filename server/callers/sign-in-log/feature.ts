import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Strangers } from '../strangers/strangers.ts'
import { signInLogCommands } from './commands.ts'
import { exportSignIns, listSignIns, showSignIn, signInWays } from './console/log-calls.ts'
import { signInLogPersonal, signInLogRetention } from './retention.ts'
import { createSignInLog, type SignInLog } from './sign-in-log.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; strangers: Strangers; three: Three }

/** Who signed in to wisp or, through it, to another system, and who was refused. */
export const signInLogFeature = feature<Needs, { signInLog: SignInLog }>()({
  name: 'sign-in-log',
  pageCalls: [listSignIns, showSignIn, signInWays, exportSignIns],
  commands: signInLogCommands,
  personal: signInLogPersonal,
  tables: signInLogRetention,
  create: ctx => ({ signInLog: createSignInLog(ctx) }),
  close: ({ signInLog }) => signInLog.settled(),
})
