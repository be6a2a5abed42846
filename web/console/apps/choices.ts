import type { appChoices } from '../../../server/apps/console/apps.ts'
import type { PageAnswer } from '../../../server/http/page-call.ts'

/** The choices in forms and filters: the corp's agents and developers, and the categories in use. */
export type AppChoices = PageAnswer<typeof appChoices>
