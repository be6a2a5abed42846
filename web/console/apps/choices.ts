import type { Answer } from '../../ui/data/api.ts'

/** The choices in forms and filters: the corp's agents and developers, and the categories in use. */
export type AppChoices = Answer<'/web/apps/choices'>
