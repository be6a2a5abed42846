import { sql } from 'kysely'

const mark = '/* kept plan */'

/**
 * Stands at the beginning of a statement that is asked often and takes PostgreSQL longer to plan than to run: each connection plans it
 * once, and again when ANALYZE or a migration has changed what it knows of the tables. Only for texts of which there are few, and whose
 * rows one index finds however large a table is: the plan of a join that was made while a table was empty would stay until ANALYZE comes.
 * Through a pooler, which lends another connection each time, it is planned each time.
 */
export const keptPlan = sql.raw(mark)

/** Each name is one text, in all connections of this process. A text that varies would fill the connections' memory, so there is a limit. */
const names = new Map<string, string>()
const namesAtMost = 64

/** The name of a statement that is to be kept; undefined of all others. */
export function nameOf(text: string): string | undefined {
  if (!text.startsWith(mark)) return undefined
  const known = names.get(text)
  if (known !== undefined || names.size >= namesAtMost) return known
  const name = `wisp kept ${names.size}`
  names.set(text, name)
  return name
}
