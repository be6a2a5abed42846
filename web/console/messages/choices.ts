import type { Answer } from '../../ui/data/api.ts'

/** The choices in filters and forms. */
export type Choices = Answer<'/web/messages/choices'>
