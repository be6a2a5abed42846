import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { JointNeeds } from '../../organisation/three/joint-acts.ts'
import type { Sessions } from '../sessions/sessions.ts'

export type ThreeNeeds = JointNeeds & { corps: Corps; mirrors: Mirrors; roles: Roles; sessions: Sessions }
