import type { BenchServer } from '../../bed.ts'
import type { Figure } from '../../report.ts'
import { measureDueAtOnce } from './due-at-once.ts'
import { measureInbox } from './inbox.ts'
import { measureNotify } from './notify.ts'

/** Messages of a type, on the server that the other cases ask. */
export const typedCases: { name: string; measure(measured: BenchServer): Promise<Figure[]> }[] = [
  { name: 'notify', measure: measureNotify },
  { name: 'inbox', measure: measureInbox },
  { name: 'due at once', measure: measureDueAtOnce },
]
